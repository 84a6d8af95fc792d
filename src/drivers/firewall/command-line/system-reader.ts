import type { FirewallSystem, SystemReader } from '../../../ports/firewall.ts'
import { parseBootTime } from '../freebsd/boot-time.ts'
import { refusal } from '../refusal.ts'
import type { Commander } from './commander.ts'
import { renderSections, splitSections } from './sections.ts'

const script = renderSections({
  opnsense: 'opnsense-version 2>/dev/null',
  pfsense: 'cat /etc/version 2>/dev/null',
  boot: 'sysctl -n kern.boottime',
  now: 'date +%s',
})

/** Product, release and boot time, over a command line. */
export const commandSystemReader = (commander: Commander): SystemReader => ({
  read: async (node, signal) =>
    parseSystem(node, (await commander.run(node, script, 'tell what it runs and since when', signal)).text),
})

/** Parses the output of one reading. */
function parseSystem(node: string, output: string): FirewallSystem {
  const part = splitSections(['opnsense', 'pfsense', 'boot', 'now'], output)
  const bootTime = parseBootTime(part('boot'))
  const now = Number(/^(\d{9,11})\s*$/.exec(part('now'))?.[1] ?? 'NaN')
  const system = releaseIn(part('opnsense'), part('pfsense'))
  if (system === null || Number.isNaN(now))
    throw refusal('not-understood', `expected ${node} to tell product, release and time, came something else`)
  return { ...system, uptimeSeconds: now - bootTime, bootTime }
}

/** `OPNsense 25.7.3_7-amd64` or `OPNsense 25.7.3_7 (amd64)`; `2.8.0-RELEASE` of /etc/version is pfSense's. */
export function releaseIn(opnsense: string, pfsense: string): Pick<FirewallSystem, 'product' | 'release'> | null {
  const own = /^OPNsense (\d+\.\d+[\w.]*)/.exec(opnsense.trim())?.[1]
  if (own !== undefined) return { product: 'OPNsense', release: own }
  const other = /^(\d+\.\d+[\w.]*)(?:-[A-Z][\w-]*)?$/.exec(pfsense.trim())?.[1]
  return other === undefined ? null : { product: 'pfSense', release: other }
}
