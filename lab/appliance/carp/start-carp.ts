import type { ApplianceConfig } from '../config.ts'
import { bare, isInet6, linkLocalOf } from '../net/address.ts'
import type { IpShell } from '../net/ip-shell.ts'
import { Speaker, type SpeakerOutput } from './speaker.ts'
import type { CarpState } from './vhid.ts'
import { nameOf, type VhidConfig } from './vhid-config.ts'
import { vhidsOf } from './vhids.ts'
import { createVirtualAddress } from './virtual-address.ts'
import { type Sources, startReceiver, startTransmitter, type Transmitter } from './wire.ts'

/** What CARP needs of the rest of the firewall. */
export type CarpSurroundings = {
  shell: IpShell
  log: SpeakerOutput['log']
  notify: (subsystem: string, state: CarpState) => void
  isUp: (device: string) => boolean
  macOf: (device: string) => string
  nowMs: () => number
}

/** The running CARP: its speaker, and the VHIDs that are attached to their NICs, or not. */
export type Carp = {
  speaker: Speaker
  vhids: readonly VhidConfig[]
  isAttached: (vhid: { device: string; vhid: number }) => boolean
  attach: (vhid: VhidConfig) => void
}

/** ENETDOWN of FreeBSD: an advertisement that the NIC does not take. */
const netDown = 50

/** Connects the node's VHIDs with their NICs. None is attached yet. */
export async function startCarp(config: ApplianceConfig, around: CarpSurroundings): Promise<Carp> {
  const vhids = vhidsOf(config)
  const devices = [...new Set(vhids.map(({ device }) => device))]
  const failed = (device: string): void => {
    const masters = vhids.filter((vhid) => vhid.device === device && stateOf(speaker, vhid) === 'MASTER')
    for (const vhid of masters) speaker.failed(vhid, netDown)
  }
  const transmitters = new Map(
    devices.map((device) => [
      device,
      startTransmitter(device, sourcesOf(config, device, around), () => failed(device)),
    ]),
  )
  const outlets = new Map<string, Outlet>()
  for (const vhid of vhids) outlets.set(nameOf(vhid), await openOutlet(config, vhid, around, transmitters))
  const speaker: Speaker = new Speaker(outputTo(outlets, around), around.nowMs)
  for (const device of devices) startReceiver(device, (packet) => speaker.hear(device, packet))
  return {
    speaker,
    vhids,
    isAttached: (vhid) => stateOf(speaker, vhid) !== undefined,
    attach: (vhid) => speaker.attach(vhid, around.isUp(vhid.device)),
  }
}

/** The state of a VHID; undefined where it is on no NIC. */
export function stateOf({ node }: Speaker, wanted: { device: string; vhid: number }): CarpState | undefined {
  return node.vhids.find(({ device, vhid }) => device === wanted.device && vhid === wanted.vhid)?.state
}

function outputTo(outlets: ReadonlyMap<string, Outlet>, { log, notify }: CarpSurroundings): SpeakerOutput {
  const enqueue = (vhid: VhidConfig, act: Parameters<Outlet>[0]): void => outlets.get(nameOf(vhid))?.(act)
  return {
    log,
    notify,
    raise: (vhid) => enqueue(vhid, ({ raise }) => raise()),
    lower: (vhid) => enqueue(vhid, ({ lower }) => lower()),
    advertise: (vhid, family, packet) => enqueue(vhid, ({ advertise }) => advertise(vhid, family, packet)),
    announce: (vhid) => enqueue(vhid, ({ announce }) => announce(vhid)),
  }
}

type OutletActions = { raise: () => Promise<void>; lower: () => Promise<void> } & Transmitter

/** What is to be done for one VHID, one after another. */
type Outlet = (act: (actions: OutletActions) => void | Promise<void>) => void

const mute: Transmitter = { advertise: () => undefined, announce: () => undefined }

async function openOutlet(
  { defects }: ApplianceConfig,
  vhid: VhidConfig,
  { shell }: CarpSurroundings,
  transmitters: ReadonlyMap<string, Transmitter>,
): Promise<Outlet> {
  const address = await createVirtualAddress(shell, vhid)
  const transmitter = transmitters.get(vhid.device) ?? mute
  const actions = {
    ...address,
    ...transmitter,
    ...(defects.includes('garp-suppressed') && { announce: mute.announce }),
    // What leaves by a filter that knows only the NIC's own MAC: neither advertisement nor announcement.
    ...(defects.includes('own-multicast-dropped') && vhid.peers?.inet === undefined && mute),
  }
  let last = Promise.resolve()
  return (act) => {
    last = last.then(() => act(actions))
  }
}

// IPv6 advertisements come from the link-local address, as FreeBSD picks it.
function sourcesOf({ interfaces }: ApplianceConfig, wanted: string, { macOf }: CarpSurroundings): Sources {
  const fixed = interfaces.find(({ device, address }) => device === wanted && !isInet6(address) && address !== 'dhcp')
  return { inet: bare(fixed?.address ?? '0.0.0.0'), inet6: linkLocalOf(macOf(wanted)) }
}
