import type { State } from '../commands/state-text.ts'
import type { ApplianceConfig, Flavour } from '../config.ts'
import type { XmlElement } from '../configuration/xml.ts'
import type { Pfsync } from '../pfsync/start-pfsync.ts'
import type { CarpControl } from './carp-control.ts'

/** The running firewall: everything that changes it from outside (shell, REST, WebGUI, peer) goes through here. */
export type Control = {
  /** As the firewall was started; what is stored afterwards is seen in `store` and takes effect at the next boot. */
  config: ApplianceConfig
  flavour: Flavour
  carp: CarpControl
  filter: FilterControl
  /** Absent where state sync is not configured, or off by defect. */
  pfsync: Pfsync | undefined
  store: ConfigStore
  sync: ConfigSync
  system: SystemControl
  log: LogControl
}

/** pf: `disable` stops NAT, filtering and state sync and leaves CARP alone, as `pfctl -d`. */
export type FilterControl = {
  isEnabled: () => boolean
  enable: () => Promise<void>
  disable: () => Promise<void>
  states: () => Promise<State[]>
  /** Drops the states with this address or network on either side; returns how many. Throws for what is neither. */
  kill: (addressOrNetwork: string) => Promise<number>
  /** Drops one state by its ids; false if there is none. */
  killId: (id: string, creator: string) => Promise<boolean>
  flush: () => Promise<void>
}

/** /conf/config.xml, read anew each time: others may write it too. */
export type ConfigStore = {
  /** The root element. Throws while the file is no XML. */
  read: () => XmlElement
  revision: () => ConfigRevision
  /** Writes what `edit` makes of the file, atomically, with a new revision. Changes wait for each other. */
  change: (edit: (root: XmlElement) => XmlElement, why: string, who?: string) => Promise<void>
}

/** Who last wrote the configuration; `time` in Unix seconds, as text. */
export type ConfigRevision = { time: string; username: string; description: string }

/** Config sync over XMLRPC. */
export type ConfigSync = {
  /** Sends the configured sections to the peer. */
  push: () => Promise<{ ok: true } | { ok: false; message: string }>
  /** Takes sections that the primary sent: each replaces the one of its name. */
  accept: (sections: readonly XmlElement[]) => Promise<void>
}

/** The machine. `now` and `bootedAt` are the appliance's own clock, which `set` steps; uptime goes on. */
export type SystemControl = {
  bootedAt: () => Date
  now: () => Date
  set: (at: Date) => void
  uptimeSeconds: () => number
  reboot: () => void
  halt: () => void
}

/** One line of the system log. */
export type LogEntry = {
  /** To the second; the appliance's clock. */
  at: Date
  /** 0-23, as in syslog. */
  facility: number
  /** 0-7, as in syslog. */
  severity: number
  process: string
  pid: string
  /** The message; a kernel's with its raw prefix. */
  line: string
  /** The whole line as in the file. */
  raw: string
}

/** Which lines: all words of `phrase` are in the raw line, whatever their case. */
export type LogQuery = {
  phrase?: string
  since?: Date
  severities?: readonly number[]
  /** At most so many. */
  limit?: number
}

/** The system log. */
export type LogControl = {
  /** Newest first. */
  entries: (query?: LogQuery) => LogEntry[]
  /** Hears of each new line until the returned function is called. */
  follow: (listener: (entry: LogEntry) => void) => () => void
}
