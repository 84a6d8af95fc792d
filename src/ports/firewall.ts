import type { CarpLogEntry } from '../model/carp-log.ts'
import type { HaState, VhidRole } from '../model/ha-state.ts'
import type { RequestInterval } from './hypervisor.ts'

/** A way in to a firewall. They see the same node through different programs, so that one can contradict the other. */
export type FirewallSource = 'ssh' | 'rest' | 'webgui'

/** Reads one node of the pair. A role of its own: drivers that can do more implement more roles. */
export interface HaReader {
  /** The node's own view at one instant. Throws where the node does not answer within its limit. */
  read(node: string, signal: AbortSignal): Promise<HaState>
}

/** Reads nothing but which role each VHID of a node has, quickly and often. */
export interface RoleReader {
  /** The roles at one instant of the call. Throws where the node does not answer within its limit. */
  read(node: string, signal: AbortSignal): Promise<VhidRole[]>
}

/** Product and release of a machine, e.g. `OPNsense 25.7`. */
export interface VersionReader {
  version(machine: string, signal: AbortSignal): Promise<string>
}

/**
 * Persistent maintenance mode. Idempotent, and verified: each resolves once flag and effect (OPNsense: demotion; pfSense: advskew 254)
 * are as asked for. The interval is that of the request; of one that was not needed, that of the reading.
 */
export interface MaintenanceControl {
  enter(node: string, signal: AbortSignal): Promise<RequestInterval>
  leave(node: string, signal: AbortSignal): Promise<RequestInterval>
}

/** CARP as a whole on one node; off only until its next start. Idempotent, and verified by reading back. */
export interface CarpSwitch {
  /** `net.inet.carp.allow=0` and the addresses gone. */
  disable(node: string, signal: AbortSignal): Promise<RequestInterval>
  enable(node: string, signal: AbortSignal): Promise<RequestInterval>
}

/** What only a command line can do with CARP. Verified by reading back. */
export interface CarpOverride {
  /** Forces every VHID of the node to BACKUP; not sticky: a better node is master again within about 3 s. */
  forceBackup(node: string, signal: AbortSignal): Promise<RequestInterval>
  /** Takes the whole demotion off, whatever put it there. */
  clearDemotion(node: string, signal: AbortSignal): Promise<RequestInterval>
}

/** pf itself: off means no filter, no NAT and no state sync, while CARP keeps its state. */
export interface PacketFilter {
  disable(node: string, signal: AbortSignal): Promise<RequestInterval>
  enable(node: string, signal: AbortSignal): Promise<RequestInterval>
  isEnabled(node: string, signal: AbortSignal): Promise<boolean>
}

/** State table and state sync of one node, read within the interval. Null is what the way in cannot tell. */
export interface StateSyncReading extends RequestInterval {
  /** Own host id of pf, eight hexadecimal digits. */
  hostId: string | null
  /** Creators of the states in the table, own id included where it has any; an idle node may have none. */
  creatorIds: string[]
  /** Null also where no sync device is set. */
  syncOk: boolean | null
  states: { current: number; limit: number | null }
  /** States ever inserted, for rates between two readings. */
  inserts: number | null
  /** Counters of pfsync by their words in `netstat -s`, as `packets received (IPv4)`; those that are 0 may be absent. */
  counters: Record<string, number> | null
}

export interface StateSyncReader {
  read(node: string, signal: AbortSignal): Promise<StateSyncReading>
}

/** How the clock that stamps a node's log relates to the harness's: log ms = `zeroMs` + harness ms, give or take `boundMs`. */
export interface LogClock {
  /** The node's local time at the harness's 0, as ms since 1970 if it were UTC. */
  zeroMs: number
  boundMs: number
}

/** The kernel's own account of CARP. */
export interface CarpLog {
  /** Oldest first, not older than `sinceMs` on the log's clock. */
  entries(node: string, sinceMs: number, signal: AbortSignal): Promise<CarpLogEntry[]>
  /** Measures anew; a clock of whole seconds takes some readings (about 2 s). */
  clock(node: string, signal: AbortSignal): Promise<LogClock>
}

/** What runs on a node, and since when: `bootTime` (seconds since 1970 on the node's clock) moves when it reboots. */
export interface FirewallSystem {
  product: 'OPNsense' | 'pfSense'
  release: string
  uptimeSeconds: number
  bootTime: number
}

export interface SystemReader {
  read(node: string, signal: AbortSignal): Promise<FirewallSystem>
}

/** Configuration sync from the primary to its peer. */
export interface ConfigSync {
  /** Pushes from the primary; resolves when the peer has taken it, throws with the node's words when it has not. */
  trigger(primary: string, signal: AbortSignal): Promise<RequestInterval>
  /** What differs that should not, one line each; the skews of the backup (+100) are as they should be. */
  compare(primary: string, backup: string, signal: AbortSignal): Promise<string[]>
}

/** What an update would do. */
interface FirmwareCheck {
  status: 'none' | 'update' | 'upgrade' | 'error'
  message: string
  needsReboot: boolean
}

/** A running update. */
interface FirmwareProgress {
  state: 'idle' | 'running' | 'done' | 'reboot' | 'error'
  log: string
}

export interface Firmware {
  check(node: string, signal: AbortSignal): Promise<FirmwareCheck>
  /** Starts the upgrade that `check` found; `progress` tells the rest. */
  upgrade(node: string, signal: AbortSignal): Promise<RequestInterval>
  reboot(node: string, signal: AbortSignal): Promise<RequestInterval>
  progress(node: string, signal: AbortSignal): Promise<FirmwareProgress>
}

/** The status pages as people see them, for evidence. */
export interface StatusPages {
  /** The CARP status page of a node as a PNG image. */
  carpStatus(node: string, signal: AbortSignal): Promise<Uint8Array>
}

/** What one way in can do with the firewalls of a lab; a role that it lacks is absent. */
export interface FirewallRoles {
  haReader: HaReader
  maintenance?: MaintenanceControl
  carpSwitch?: CarpSwitch
  carpOverride?: CarpOverride
  filter?: PacketFilter
  stateSync?: StateSyncReader
  carpLog?: CarpLog
  system?: SystemReader
  configSync?: ConfigSync
  firmware?: Firmware
  pages?: StatusPages
}

/** Why a firewall did not do what it was asked for, as `HarnessError.kind`. */
export type FirewallRefusal =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'not-json'
  | 'not-understood'
  | 'refused'
  | 'slow'
  | 'unreachable'
  | 'other-certificate'
  | 'no-fingerprint'
  | 'toggle-race'
  | 'maintenance-flag-lost'
  | 'demotion-stuck'
  | 'no-effect'
  | 'no-such-role'
