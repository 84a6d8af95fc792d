import type { Interval } from './interval.ts'
import type { CarpTakeover, TakeoverExplanation, TakeoverWindow } from './takeover.ts'
import type { ClassifiedProbe, OutageWindow, PacketAccount } from './packet-trace.ts'
import type { HaState } from './ha-state.ts'
import type { Lab } from './lab.ts'
import type { MetricName, StreamClass, Unit } from './metric.ts'
import type { Scenario } from './scenario.ts'
import type { Verdict } from './verdict.ts'
import type { WireAccount } from './wire-account.ts'

/** One metric of one step on one stream. `interval` null: not measurable, and `evidence` says why. */
export interface Measurement {
  step: string
  metric: MetricName
  stream: string
  unit: Unit
  interval: Interval | null
  /** One line of facts for people: counts, times, windows. */
  evidence: string
  /** Of a count: of how many. */
  of?: number
  /** Of a takeover that CARP's timers decide: what they explain of it. */
  carp?: TakeoverExplanation
}

export type SessionVerdict = 'survived' | 'stalled' | 'reset' | 'hung' | 'timed-out' | 'corrupt' | 'not-opened'

/** One held session over the whole run, and what became of it in each step. */
export interface SessionTrace {
  session: number
  openedMs: number | null
  closedMs: number | null
  closeCause: string | null
  /** When something else came back than what was sent; from then on nothing more is counted. */
  corruptMs?: number
  /** Silences longer than twice the message interval, on the run's clock. */
  stalls: { fromMs: number; toMs: number | null }[]
  verdicts: Record<string, SessionVerdict>
}

export interface StreamTrace extends PacketAccount {
  name: string
  kind: string
  class: StreamClass
  from: string
  to: string
  everyMs: number
  thetaMs: number
  timeoutMs: number
  settings: Record<string, string>
  /** Half-width of the clock relation between vantage machine and harness, ms. */
  clockBoundMs: number
  failure: string | null
  /** Every probe of a short run; of a long one those near an impaired one, and an outline of the others. */
  probes: ClassifiedProbe[]
  windows: OutageWindow[]
  sessions: SessionTrace[]
}

/** One node's role for one VHID over time, from polls; `UNREACHABLE` where the node did not answer. */
export interface RoleTrace {
  node: string
  vhid: number
  segments: { fromMs: number; toMs: number; state: HaState['vhids'][number]['state'] | 'UNREACHABLE' }[]
  /** When its advertisements were captured, at whatever point, ms. */
  advertsMs?: number[]
  /** What its kernel logged: the change happened within the stretch. */
  logged?: { fromMs: number; toMs: number; state: string; reason: string }[]
}

/** A picture of a firewall's status page, before the first step or after the last; `file` is in the run's folder. */
export interface StatusPicture {
  atMs: number
  node: string
  phase: 'before' | 'after'
  file: string
  sha256: string
}

/** How roles were observed: ways in and captures with what they gave. */
export interface RoleSources {
  polls: { source: string; readings: number; unanswered: number; skipped: number }[]
  captures: { point: string; machine: string; device: string; file: string; adverts: number; dropped: number | null }[]
  logs: { node: string; changes: number; boundMs: number }[]
  /** State tables as last read; `madePerSecond` between the first and the last reading, null where that cannot be said. */
  tables?: {
    node: string
    states: number
    madePerSecond: number | null
    creatorIds: string[]
    syncOk: boolean | null
  }[]
}

export interface StepTrace {
  name: string
  action: 'fault' | 'heal'
  kind: string
  of: string
  ref: string | null
  machines: string[]
  startMs: number
  endMs: number | null
  /** When the command went out and when it was acknowledged; the fault happened in between. */
  injectedMs: { sent: number; acked: number } | null
  effect: { proven: boolean; evidence: string } | null
  end: 'recovered' | 'expired' | 'aborted' | null
}

export interface Timeline {
  endMs: number
  streams: StreamTrace[]
  roles: RoleTrace[]
  takeovers?: CarpTakeover[]
  limits?: TakeoverWindow[]
  roleSources?: RoleSources
  wire?: WireAccount
  pictures?: StatusPicture[]
  steps: StepTrace[]
}

/** One judged statement: an expectation of the scenario, or an invariant of every drill. */
export interface Finding {
  id: string
  kind: 'expectation' | 'invariant'
  /** `warn` findings are shown and never decide the verdict. */
  level: 'fail' | 'warn'
  verdict: Verdict
  title: string
  /** Complete by itself: metric, limit, measured interval, evidence. */
  message: string
  because: string | null
}

export interface ClaimResult {
  text: string
  outcome: 'met' | 'not met' | 'not testable'
  message: string
}

export interface RunIdentity {
  runId: string
  tool: { name: string; version: string }
  startedAt: string
  endedAt: string | null
  durationMs: number
  seed: number
  scenarioFile: string
  scenarioSha256: string
  recordingSha256: string
  hypervisor: string | null
  machineVersions: Record<string, string>
  host: Record<string, string>
}

/** Everything that reports are made of; a pure function of the recording. */
export interface Result {
  run: RunIdentity
  scenario: Scenario
  lab: Lab
  verdict: Verdict
  /** One sentence for people: what happened, in numbers. */
  headline: string
  findings: Finding[]
  claims: ClaimResult[]
  measurements: Measurement[]
  problems: { atMs: number; where: string; message: string }[]
  timeline: Timeline
}
