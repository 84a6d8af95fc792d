import { join } from 'node:path'
import { judgeRecording } from '../../../../src/commands/judgement.ts'
import { tool } from '../../../../src/commands/project.ts'
import { startClock } from '../../../../src/engine/clock.ts'
import { type Lab, labSchema } from '../../../../src/model/lab.ts'
import type { Interval } from '../../../../src/model/interval.ts'
import type { Result } from '../../../../src/model/result.ts'
import type { KindUse, Scenario } from '../../../../src/model/scenario.ts'
import type { Clock } from '../../../../src/ports/clock.ts'
import type { Recorder } from '../../../../src/ports/recorder.ts'
import { startVantage } from '../../../../src/probes/vantage.ts'
import { openRecorder } from '../../../../src/recording/recorder.ts'
import { far, near } from './cable.ts'
import { localShell } from './local-shell.ts'

/** Something that happens to the path. `play` resolves when it is over, with when it had begun, on the run's clock. */
export interface Trial {
  name: string
  kind: string
  play(clock: Clock): Promise<Interval>
}

/** What is drilled: streams by name, traffic before the first trial, and how long is waited on each side of a trial. */
export interface DrillOrder {
  folder: string
  seed: number
  streams: Record<string, KindUse>
  cleanMs: number
  pauseMs: number
  trials: readonly Trial[]
  /** Called when the streams run, before the first trial. */
  onClean?: (clock: Clock) => void
}

/** What programs do in their first moments says nothing about delays, ms. */
const startMs = 700
const never = new AbortController().signal

/** Runs the probes of a drill from this end of the cable to the other, records it as `run` does, and judges the recording as `run` does. */
export async function drillOnCable({
  folder,
  seed,
  streams,
  cleanMs,
  pauseMs,
  trials,
  onClean,
}: DrillOrder): Promise<Result> {
  const clock = startClock()
  const recorder = openRecorder(join(folder, 'run.jsonl'), clock)
  recorder.record(identity(seed, scenarioOf(streams, trials)))
  const wanted = Object.entries(streams).map(([name, use]) => ({ name, use }))
  const around = { lab, shell: localShell, recorder, clock, signal: never }
  const vantage = await startVantage({ machine: 'client', streams: wanted, ...around })
  onClean?.(clock)
  await clock.sleep(startMs, never)
  const sinceMs = clock.nowMs()
  await clock.sleep(cleanMs, never)
  recorder.record({ type: 'clean-traffic', sinceMs, forMs: clock.nowMs() - sinceMs })
  for (const trial of trials) await playOne(trial, pauseMs, recorder, clock)
  await vantage.stop()
  const endedAt = new Date().toISOString()
  recorder.record({ type: 'run-ended', outcome: 'completed', reason: 'every trial was played', endedAt })
  recorder.close()
  return await judgeRecording(folder)
}

async function playOne({ name, kind, play }: Trial, pauseMs: number, recorder: Recorder, clock: Clock): Promise<void> {
  const step = { step: name }
  recorder.record({ type: 'step-started', ...step, action: 'fault', kind, of: name })
  const { low, high } = await play(clock)
  recorder.record({ type: 'injected', ...step, sentMs: low, ackedMs: high, machines: ['fw1'] })
  recorder.record({ type: 'effect', ...step, proven: true, evidence: 'the path was cut by the kernel' })
  await clock.sleep(pauseMs, never)
  recorder.record({ type: 'step-ended', ...step, end: 'recovered' })
}

/** The two ends of the cable, and a pair that is not there: nothing here asks for it. */
const lab: Lab = labSchema.parse({
  lab: 'cable',
  networks: { lan: { vlan: 102, subnet: '192.0.2.0/24' } },
  machines: {
    client: { image: 'client', nics: { lan: `${near.address}/24` } },
    target: { image: 'target', nics: { lan: `${far.address}/24` } },
  },
  pair: {
    primary: 'fw1',
    secondary: 'fw2',
    vips: [{ network: 'lan', vhid: 1, address: '192.0.2.9/24', skew: {}, password: 'x' }],
  },
})

function scenarioOf(probes: Scenario['probes'], trials: readonly Trial[]): Scenario {
  const steps = trials.map(({ name, kind }) => ({ name, fault: { kind, params: {} }, recoverWithinMs: 10_000 }))
  return {
    scenario: 'accuracy',
    question: 'Do the figures hold the truth?',
    red: 'They do not.',
    lab: lab.lab,
    gate: { cleanForMs: 0, settleWithinMs: 0 },
    probes,
    steps,
    expect: [],
    claims: [],
  }
}

const identity = (seed: number, scenario: Scenario) => ({
  type: 'run-started' as const,
  runId: 'accuracy',
  tool,
  startedAt: new Date().toISOString(),
  seed,
  scenario,
  scenarioFile: 'none',
  scenarioSha256: '0'.repeat(64),
  lab,
  host: {},
})
