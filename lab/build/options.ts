import { parseArgs } from 'node:util'
import type { Choices } from './recipe.ts'

/** The images that can be made, in the order of their VMIDs from 9001 on. */
export const images = [
  'fake-isp',
  'client',
  'target',
  'opnsense-24.7',
  'opnsense-25.1',
  'opnsense-25.7',
  'opnsense-26.1',
  'opnsense-26.7',
  'pfsense-2.7',
  'pfsense-2.8',
  'vpn-endpoint',
] as const

/** What the command line says beside the template itself. */
export interface BuildOptions extends Choices {
  /** `user@host` of the node; null: this machine is the node. */
  ssh: string | null
  isDryRun: boolean
}

export const usage = `usage: node lab/build/main.ts IMAGE --storage S [--bridge B] [--vmid N] [--iso VOLUME] [--ssh root@NODE] [--replace] [--dry-run]

IMAGE is one of ${images.join(', ')}.
--storage S    storage for its disk
--bridge B     bridge with DHCP and a way to the internet while it is made; vmbr0 where absent
--vmid N       9001 and on in the order above where absent
--iso VOLUME   installation ISO of a firewall, like local:iso/OPNsense-25.7-dvd-amd64.iso
--ssh TARGET   the node; without it, this machine is the node
--replace      a template of ours with that VMID is removed first
--dry-run      print every command, do nothing`

/** Reads the command line. Throws an Error of one line. */
export function readBuildOptions(argv: readonly string[]): BuildOptions {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      storage: { type: 'string' },
      bridge: { type: 'string', default: 'vmbr0' },
      vmid: { type: 'string' },
      iso: { type: 'string' },
      ssh: { type: 'string' },
      replace: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  const [image, ...more] = positionals
  const index = images.findIndex((each) => each === image)
  if (image === undefined || index < 0 || more.length > 0)
    throw new Error(`expected one IMAGE of ${images.join(', ')}, got ${positionals.join(' ') || 'none'}`)
  const storage = matching('--storage S', values.storage, /^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$/)
  const iso =
    values.iso === undefined ? {} : { iso: matching('--iso STORAGE:iso/NAME', values.iso, /^[\w.-]+:iso\/[\w.+-]+$/) }
  return {
    image,
    storage,
    bridge: matching('--bridge B', values.bridge, /^[a-zA-Z][\w.-]{0,14}$/),
    vmid: Number(matching('--vmid N from 100 on', values.vmid ?? String(9001 + index), /^[1-9]\d{2,8}$/)),
    ...iso,
    replaces: values.replace,
    ssh: values.ssh === undefined ? null : matching('--ssh USER@NODE', values.ssh, /^[\w.-]+@[\w.:-]+$/),
    isDryRun: values['dry-run'],
  }
}

/** Everything given becomes part of a shell command, hence only what is harmless there. */
function matching(expected: string, text: string | undefined, pattern: RegExp): string {
  if (text !== undefined && pattern.test(text)) return text
  throw new Error(`expected ${expected}, got ${text ?? 'nothing'}`)
}
