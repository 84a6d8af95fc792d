import type { ApplianceConfig, VipConfig } from '../config.ts'
import type { IpShell } from '../net/ip-shell.ts'
import { Speaker, type SpeakerOutput, type VhidConfig, nameOf } from './speaker.ts'
import { createVirtualAddress } from './virtual-address.ts'
import { startReceiver, startTransmitter } from './wire.ts'

/** What CARP needs of the rest of the firewall. */
export type CarpSurroundings = {
  shell: IpShell
  log: SpeakerOutput['log']
  notify: SpeakerOutput['notify']
  isUp: (device: string) => boolean
  /** Called once, when everything is wired and before the first VHID is attached. */
  beforeAttach: (speaker: Speaker) => void
}

/** Puts the node's VHIDs on the wire. Resolves when all are attached. */
export async function startCarp(config: ApplianceConfig, around: CarpSurroundings): Promise<Speaker> {
  const vhids = groupVips(config)
  const outlets = new Map<string, Outlet>()
  for (const vhid of vhids) outlets.set(nameOf(vhid), await openOutlet(config, vhid, around.shell))
  const outletOf = (vhid: VhidConfig) => outlets.get(nameOf(vhid))
  const speaker = new Speaker(
    {
      log: around.log,
      notify: around.notify,
      raise: (vhid) => outletOf(vhid)?.enqueue((outlet) => outlet.raise()),
      lower: (vhid) => outletOf(vhid)?.enqueue((outlet) => outlet.lower()),
      advertise: (vhid, packet) => outletOf(vhid)?.enqueue((outlet) => outlet.send(packet)),
    },
    () => performance.now(),
  )
  for (const device of new Set(vhids.map((vhid) => vhid.device))) {
    startReceiver(device, (packet) => speaker.hear(device, packet))
  }
  around.beforeAttach(speaker)
  for (const vhid of vhids) speaker.attach(vhid, around.isUp(vhid.device))
  return speaker
}

/** The addresses of one VHID on one NIC belong together: they are signed together and move together. */
function groupVips({ vips, defects }: Pick<ApplianceConfig, 'vips' | 'defects'>): VhidConfig[] {
  const groups = new Map<string, VhidConfig>()
  for (const vip of vips) {
    const group = groups.get(nameOf(vip)) ?? newGroup(vip, defects.includes('carp-wrong-password'))
    group.addresses.push(vip.address)
    groups.set(nameOf(vip), group)
  }
  return [...groups.values()]
}

function newGroup({ device, vhid, advbase, advskew, password }: VipConfig, wrong: boolean): VhidConfig {
  return { device, vhid, advbase, advskew, password: wrong ? 'not the password' : password, addresses: [] }
}

type OutletActions = { raise: () => Promise<void>; lower: () => Promise<void>; send: (packet: Buffer) => void }
type Outlet = { enqueue: (act: (actions: OutletActions) => void | Promise<void>) => void }

async function openOutlet(config: ApplianceConfig, vhid: VhidConfig, shell: IpShell): Promise<Outlet> {
  const announce = !config.defects.includes('garp-suppressed')
  const address = await createVirtualAddress(shell, vhid, { announce })
  const own = config.interfaces.find(({ device }) => device === vhid.device)?.address.split('/')[0] ?? '0.0.0.0'
  const { send } = startTransmitter(address.device, own)
  let last = Promise.resolve()
  return {
    enqueue: (act) => {
      last = last.then(() => act({ raise: address.raise, lower: address.lower, send }))
    },
  }
}
