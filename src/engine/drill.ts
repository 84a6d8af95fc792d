import type { LiveTraffic } from '../analysis/live.ts'
import type { Fault, FaultTools, NodeAccess } from '../faults/fault.ts'
import type { Plan } from '../model/plan.ts'
import type { Stop } from '../model/scenario.ts'
import type { CaptureStarter } from '../ports/capture.ts'
import type { Clock } from '../ports/clock.ts'
import type { CarpLog, HaReader, StateSyncReader, VersionReader } from '../ports/firewall.ts'
import type { LogCollector } from '../ports/log-collector.ts'
import type { NicHost } from '../ports/hypervisor.ts'
import type { Recorder } from '../ports/recorder.ts'
import type { Shell } from '../ports/shell.ts'
import type { UndoJournal } from '../ports/undo-journal.ts'
import type { VantageStarter } from '../ports/vantage.ts'
import type { PictureDesk } from './pictures.ts'
import type { RoleSource } from './role-watch.ts'

/** Everything that one drill needs: what to do, and the roles through which it is done. */
export interface Drill {
  plan: Plan
  /** The name that the drivers know the lab by; undos are persisted under it. */
  label: string
  faults: Readonly<Record<string, Fault>>
  hypervisor: FaultTools['hypervisor']
  nics: NicHost
  shell: Pick<Shell, 'run'>
  node?: NodeAccess | null
  firewallVia: FaultTools['firewall']
  haReader: HaReader
  versions: VersionReader
  startVantage: VantageStarter
  /** How the firewalls are asked for their roles; by the HaReader alone where absent. */
  roleSources?: readonly RoleSource[]
  /** What else tells of the roles, where the lab has it. */
  startCaptures?: CaptureStarter
  carpLog?: CarpLog
  /** Where the firewalls send their logs, where the lab has such a machine. */
  collector?: LogCollector
  stateSync?: StateSyncReader
  pictures?: PictureDesk
  /** What halts the drill beside the conditions of its scenario. */
  stops?: readonly Stop[] | undefined
  recorder: Recorder
  /** What the traffic does now: it sees every fact that the recorder records. */
  traffic: LiveTraffic
  journal: UndoJournal
  clock: Clock
}

/** The two firewalls of the plan, primary first. */
export const firewallsOf = ({ plan }: Pick<Drill, 'plan'>): [string, string] => [
  plan.lab.pair.primary,
  plan.lab.pair.secondary,
]
