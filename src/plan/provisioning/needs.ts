import type { Need } from './call.ts'
import type { LabPlace } from './place.ts'

/** All of `privileges`, each on one of `paths`. */
export const all = (paths: string[], ...privileges: string[]): Need[] =>
  privileges.map((privilege) => ({ paths, privileges: [privilege] }))

/** A VM of the lab: its pool is the tightest anchor, since a pool's rights hold for its members. */
export const onVm = (pool: string, vmid: number, ...privileges: string[]): Need[] =>
  all([`/pool/${pool}`, `/vms/${vmid}`], ...privileges)

/** What the guest agent's calls need: one privilege up to 8.x, finer ones since 9.0. */
export function agentNeeds(pool: string, vmid: number, release: LabPlace['release'], command: boolean): Need[] {
  if (release.major < 9) return onVm(pool, vmid, 'VM.Monitor')
  if (command) return onVm(pool, vmid, 'VM.GuestAgent.Unrestricted')
  const privileges = ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted']
  return [{ paths: [`/pool/${pool}`, `/vms/${vmid}`], privileges }]
}

const byKey: [pattern: RegExp, ...privileges: string[]][] = [
  [/^net\d+$/, 'VM.Config.Network'],
  [/^(ciuser|cipassword|sshkeys|nameserver|searchdomain|ciupgrade|ipconfig\d+)$/, 'VM.Config.Cloudinit'],
  [/^ide2$/, 'VM.Config.Cloudinit', 'VM.Config.CDROM'],
  [/^ide3$/, 'VM.Config.CDROM'],
]

/** What writing these settings of a VM needs. */
export function settingNeeds(
  pool: string,
  vmid: number,
  settings: Record<string, string>,
  zoneOfVnet: (vnet: string) => string,
): Need[] {
  const privileges = Object.keys(settings).flatMap((key) => {
    const found = byKey.find(([pattern]) => pattern.test(key))
    return found === undefined ? ['VM.Config.Options'] : found.slice(1).map(String)
  })
  const bridges = Object.entries(settings).flatMap(([key, value]) =>
    key.startsWith('net') ? [/bridge=([^,]+)/.exec(value)?.[1] ?? ''] : [],
  )
  return [
    ...onVm(pool, vmid, ...new Set(privileges)),
    ...bridges.flatMap((bridge) => all([bridgePath(bridge, zoneOfVnet)], 'SDN.Use')),
  ]
}

/** Plain bridges belong to the zone `localnetwork`. */
function bridgePath(bridge: string, zoneOfVnet: (vnet: string) => string): string {
  return /^fd\d+$/.test(bridge) ? `/sdn/zones/${zoneOfVnet(bridge)}/${bridge}` : `/sdn/zones/localnetwork/${bridge}`
}
