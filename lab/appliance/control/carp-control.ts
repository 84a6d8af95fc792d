import type { CarpState } from '../carp/vhid.ts'

/** One address of a VHID as the products list it. */
export type CarpVip = {
  /** The interface's description, like `LAN`; its key in upper case where it has none. */
  interface: string
  /** `lan`. */
  key: string
  device: string
  vhid: number
  advbase: number
  /** As configured, whatever maintenance makes of it. */
  advskew: number
  /** Bare, without prefix length. */
  address: string
  prefix: number
  mode: 'carp' | 'ipalias'
  description: string
  /** DISABLED: configured, but its VHID is on no NIC. */
  state: CarpState | 'DISABLED'
}

/** What both products' status pages say. */
export type CarpStatus = {
  demotion: number
  allow: boolean
  preempt: boolean
  /** The flag in config.xml, read anew each time. */
  maintenance: boolean
  vips: CarpVip[]
}

/** CARP's switches; none is a toggle. */
export type CarpControl = {
  status: () => CarpStatus
  /** Persistent: survives a reboot. OPNsense demotes by 240, pfSense advertises skew 254. */
  enterMaintenance: () => Promise<void>
  /** OPNsense resets the demotion to 0, whatever it was. */
  leaveMaintenance: () => Promise<void>
  /** Until the next boot: `allow=0`, then the virtual addresses go. */
  disable: () => Promise<void>
  enable: () => Promise<void>
  /** As `ifconfig <nic> vhid <n> state <state>`. */
  force: (device: string, vhid: number, state: 'MASTER' | 'BACKUP') => void
}
