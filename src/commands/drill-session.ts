import { writeFile } from 'node:fs/promises'
import { arch, cpus, release } from 'node:os'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { LiveTraffic } from '../analysis/live.ts'
import { captureStarter } from '../drivers/capture/index.ts'
import { remoteLog } from '../drivers/collector/remote-log.ts'
import type { CaptureDesk } from '../drivers/capture/index.ts'
import { startClock } from '../engine/clock.ts'
import type { RoleSource } from '../engine/role-watch.ts'
import { runDrill } from '../engine/run-drill.ts'
import type { DrillEnd } from '../engine/run-drill.ts'
import { faults } from '../faults/index.ts'
import type { Event } from '../model/event.ts'
import type { Lab } from '../model/lab.ts'
import type { Clock } from '../ports/clock.ts'
import type { UndoJournal } from '../ports/undo-journal.ts'
import type { Plan } from '../model/plan.ts'
import type { Target } from '../model/target.ts'
import { startVantage } from '../probes/vantage.ts'
import { appendToJournal } from '../recording/journal.ts'
import { openRecorder } from '../recording/recorder.ts'
import { connect, imagesOf } from './connection.ts'
import type { Connection } from './connection.ts'
import type { LoadedScenario } from './loading.ts'
import { tool } from './project.ts'
import type { Stage } from './stage.ts'

/** One drill on one lab: wires the drivers to the engine, keeps the recording and the journal in `folder`. */
export async function conductDrill(
  loaded: LoadedScenario,
  stage: Stage,
  run: { runId: string; startedAt: Date; folder: string; onEvent: (event: Event) => void },
  signal: AbortSignal,
): Promise<DrillEnd> {
  const clock = startClock()
  const { label, target } = stage
  const plan = playedBy(target, loaded.plan)
  const { recorder, traffic } = recording(run, clock)
  recorder.record(identity(loaded, run))
  const connection = await connect(target, { name: label, machines: plan.machines, images: imagesOf(plan.lab) }, clock)
  recorder.record(waysIn(plan.lab, connection))
  const site = { shell: connection.shell, recorder, clock, reflectors: target.attach?.reflectors }
  try {
    return await runDrill(
      {
        plan,
        label,
        faults,
        ...connection,
        nics: connection.hypervisor,
        firewallVia: connection.via,
        ...roleObservers(connection, plan.lab),
        startCaptures: captures(connection, { folder: run.folder, recorder, clock }),
        startVantage: (vantage, stop) => startVantage({ ...vantage, ...site, lab: plan.lab, signal: stop }),
        pictures: picturesIn(run.folder, connection),
        stops: target.attach?.stop,
        recorder,
        traffic,
        journal: journalIn(run.folder),
        clock,
      },
      signal,
    )
  } finally {
    recorder.close()
    await connection.close()
  }
}

const picturesIn = (folder: string, { pages }: Connection) => ({
  pages,
  keep: (file: string, content: Uint8Array) => writeFile(join(folder, file), content),
})

/** The recording of a run, and what it says of the traffic as it grows. */
function recording({ folder, onEvent }: { folder: string; onEvent: (event: Event) => void }, clock: Clock) {
  const traffic = new LiveTraffic()
  const recorder = openRecorder(join(folder, 'run.jsonl'), clock, (event) => {
    traffic.note(event)
    onEvent(event)
  })
  return { recorder, traffic }
}

const captures = ({ shell, node }: Connection, desk: CaptureDesk) => captureStarter({ ...desk, shell, node })

/** The firewalls are asked for their roles ten times a second, and for their whole state by every way in once a second; so is whoever collects their logs, now and then. */
function roleObservers({ roleReader, haReader, sources, firewall, shell }: Connection, { pair: { syslog } }: Lab) {
  const { rest } = sources
  const roleSources: RoleSource[] = [
    { source: 'ssh', everyMs: 100, reader: { roles: roleReader } },
    { source: 'ssh', everyMs: 1000, reader: { whole: haReader } },
    ...(rest === undefined ? [] : [{ source: 'rest' as const, everyMs: 1000, reader: { whole: rest.haReader } }]),
  ]
  const collector = syslog === undefined ? {} : { collector: remoteLog(shell, syslog) }
  return { roleSources, carpLog: firewall.carpLog, stateSync: firewall.stateSync, ...collector }
}

/** Of a lab that is only borrowed, the machines that the target file declares are started; others are none of ours to touch. */
function playedBy({ attach }: Target, plan: Plan): Plan {
  if (attach === undefined) return plan
  return { ...plan, machines: plan.machines.filter((machine) => Object.hasOwn(attach.machines, machine)) }
}

function journalIn(folder: string): UndoJournal {
  const file = join(folder, 'undo.jsonl')
  return {
    plan: (undo) => appendToJournal(file, { ...undo, state: 'planned' }),
    done: (undo) => appendToJournal(file, { ...undo, state: 'done' }),
  }
}

/** By which way in each firewall is read, and by which it is controlled. */
function waysIn({ pair }: Lab, { sourcesOf }: Connection) {
  const firewalls = [pair.primary, pair.secondary]
  return {
    type: 'firewall-sources' as const,
    firewalls: Object.fromEntries(firewalls.map((name) => [name, sourcesOf(name)])),
  }
}

function identity(loaded: LoadedScenario, { runId, startedAt }: { runId: string; startedAt: Date }) {
  const { scenario, lab } = loaded.plan
  return {
    type: 'run-started' as const,
    runId,
    tool,
    startedAt: startedAt.toISOString(),
    seed: randomInt(2 ** 31),
    scenario,
    scenarioFile: loaded.file,
    scenarioSha256: loaded.sha256,
    lab,
    host: { kernel: release(), architecture: arch(), processors: String(cpus().length), node: process.version },
  }
}
