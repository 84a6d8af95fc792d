import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ApplianceConfig } from '../config.ts'
import { renderWrapper } from './wrapper.ts'

/** The files by which people and programs know the product, and its programs that live elsewhere than in /usr/local/sbin. */
export function productFiles({
  flavour,
  release,
}: Pick<ApplianceConfig, 'flavour' | 'release'>): Record<string, string> {
  if (flavour === 'opnsense') {
    return {
      '/usr/local/etc/rc.filter_synchronize': renderWrapper('rc.filter_synchronize'),
      '/usr/local/etc/rc.restart_webgui': renderWrapper('rc.restart_webgui'),
      '/usr/local/etc/rc.reboot': renderWrapper('reboot'),
      '/usr/local/etc/rc.halt': renderWrapper('halt'),
    }
  }
  return {
    '/etc/version': `${versions[release] ?? release}-RELEASE\n`,
    '/etc/version.patch': '0\n',
    '/etc/platform': 'pfSense\n',
    '/etc/rc.carpmaster': renderWrapper('rc.carpmaster'),
    '/etc/rc.carpbackup': renderWrapper('rc.carpbackup'),
    '/etc/rc.filter_synchronize': renderWrapper('rc.filter_synchronize'),
    '/etc/rc.restart_webgui': renderWrapper('rc.restart_webgui'),
    '/etc/rc.reboot': renderWrapper('reboot'),
    '/etc/rc.halt': renderWrapper('halt'),
  }
}

const versions: Readonly<Record<string, string>> = { '2.7': '2.7.2', '2.8': '2.8.1' }

/** Puts them on the disk. */
export function writeProductFiles(config: Pick<ApplianceConfig, 'flavour' | 'release'>): void {
  for (const [path, content] of Object.entries(productFiles(config))) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content, { mode: 0o755 })
  }
}
