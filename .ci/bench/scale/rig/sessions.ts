import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Interval } from '../../../../src/model/interval.ts'
import type { Result } from '../../../../src/model/result.ts'
import type { Clock } from '../../../../src/ports/clock.ts'
import { readRecording } from '../../../../src/recording/reader.ts'
import { largest, percentile } from '../../accuracy/figures.ts'
import { randomFrom } from '../../accuracy/random.ts'
import type { Cable } from '../../accuracy/rig/cable.ts'
import { drillOnCable } from '../../accuracy/rig/drill.ts'
import { inFolder } from '../../accuracy/rig/folder.ts'
import type { SessionsOrder, SessionsRow } from '../rows.ts'
import { watchAgent } from './agent-cost.ts'
import { echoTimes } from './echo-times.ts'
import { isHarm, verdictOf } from './harms.ts'

const program = fileURLToPath(new URL('./echo/main.ts', import.meta.url))
const everyMs = 200
/** Until every session is open and older than 5 s. */
const openMs = 9000
/** What a session may take after the fault until its verdict is final. */
const pauseMs = 14_000
const examples = 5
const undecided = 'no verdict'

/** Holds the sessions, harms as many in each way as ordered, and reads what the report of the drill says of every one. */
export async function holdSessions(cable: Cable, { seed, sessions, each }: SessionsOrder): Promise<SessionsRow> {
  const harms = drawHarms(sessions, each, seed)
  const harmed = new Map(Object.entries(harms).flatMap(([harm, all]) => all.map((session) => [session, harm])))
  const echo = startEcho(cable, harms)
  const cost = watchAgent()
  const trial = { name: 'harm', kind: 'harm', play: (clock: Clock) => harmOnce(echo, clock) }
  const drill = { seed, streams: streamsFor(sessions), cleanMs: openMs, pauseMs, trials: [trial], onClean: cost.begin }
  const row = await inFolder(async (folder) => {
    const judged = verdictsIn(await drillOnCable({ folder, ...drill }), harmed)
    const { events } = await readRecording(folder)
    const { echoMs, latenessMs, ...traffic } = echoTimes(events, everyMs, (session) => !harmed.has(session))
    return { sessions, ...traffic, ...cost.end(), echo: spread(echoMs), lateness: spread(latenessMs), ...judged }
  })
  echo.kill('SIGKILL')
  await once(echo, 'close')
  return row
}

/** An echo server at the far end. */
export const startEcho = (cable: Cable, harms: Record<string, number[]> = {}): ChildProcess =>
  cable.start(process.execPath, [program, JSON.stringify(harms)], ['ignore', 'pipe', 'inherit'])

const streamsFor = (sessions: number) => ({
  held: { kind: 'tcp-session', params: { from: 'client', to: 'target', every: everyMs, sessions, port: 7 } },
  path: { kind: 'udp', params: { from: 'client', to: 'target', every: 10, port: 7 } },
})

async function harmOnce(echo: ChildProcess, clock: Clock): Promise<Interval> {
  if (echo.stdout === null) throw new Error('the echo server says nothing')
  const low = clock.nowMs()
  const done = once(echo.stdout, 'data')
  echo.kill('SIGUSR2')
  await done
  return { low, high: clock.nowMs() }
}

/** Different sessions for every harm, anywhere among all. */
function drawHarms(sessions: number, each: number, seed: number): Record<string, number[]> {
  const random = randomFrom(seed)
  const all = Array.from({ length: sessions }, (_, session) => ({ session, at: random() }))
  const drawn = all.toSorted((one, other) => one.at - other.at).map(({ session }) => session)
  return Object.fromEntries(
    Object.keys(verdictOf).map((harm, index) => [harm, drawn.slice(index * each, (index + 1) * each)]),
  )
}

function verdictsIn(
  { timeline }: Result,
  harmed: Map<number, string>,
): Pick<SessionsRow, 'verdicts' | 'wrong' | 'undecided' | 'examples'> {
  const verdicts: SessionsRow['verdicts'] = {}
  const wrong: string[] = []
  for (const session of timeline.streams.find(({ name }) => name === 'held')?.sessions ?? []) {
    const harm = harmed.get(session.session) ?? 'none'
    const verdict = session.verdicts['harm'] ?? undecided
    const counts = (verdicts[harm] ??= {})
    counts[verdict] = (counts[verdict] ?? 0) + 1
    const expected = isHarm(harm) ? verdictOf[harm] : 'survived'
    if (verdict !== expected) wrong.push(`session ${session.session} (${harm}): ${verdict}, expected ${expected}`)
  }
  const open = Object.values(verdicts).reduce((total, counts) => total + (counts[undecided] ?? 0), 0)
  return { verdicts, wrong: wrong.length - open, undecided: open, examples: wrong.slice(0, examples) }
}

const spread = (values: readonly number[]): SessionsRow['echo'] => ({
  p50: percentile(values, 0.5),
  p99: percentile(values, 0.99),
  max: largest(values),
})
