import type { CollectedLine } from '../../model/collected-line.ts'
import type { EventOf } from '../../model/event.ts'
import type { Measurement } from '../../model/result.ts'
import { middleOf, relateClock } from '../clock-relation.ts'
import type { Facts } from '../facts.ts'
import { plural } from '../quantity.ts'
import type { ObservedStep } from '../steps.ts'
import type { LoggedChange } from './log-account.ts'
import { loggedChanges, logReadMs } from './log-account.ts'
import { pairStream } from './measurements.ts'

/** A line of the collector, and when it came on the run's clock, ms. */
interface Line extends CollectedLine {
  atMs: number
}

/** A role change of a node's own log, and the collector's line about it, if it has one. */
interface Told {
  change: LoggedChange
  line: Line | null
}

/** A line leaves at once or never; it may come so long before or after what the log's whole seconds allow, ms. */
const slackMs = 2000

/**
 * Whether the collector was told of each role change: how many lines about a VHID it got in a step, and how many changes of the nodes' own
 * logs it got none of. Of the pair and of each VHID. Nothing where no collector was ever asked.
 */
export function measureAlerts(
  facts: Facts,
  nodes: readonly string[],
  vhids: readonly number[],
  steps: readonly ObservedStep[],
): Measurement[] {
  const readings = facts.of('collected-log')
  if (readings.length === 0) return []
  const { lines, untilMs } = collected(readings)
  const told = paired(loggedChanges(facts), lines)
  const loggedUntilMs = Math.min(...nodes.map((node) => logReadMs(facts, node) ?? -Infinity))
  const streams = [{ stream: pairStream, of: vhids }, ...vhids.map((vhid) => ({ stream: `vhid-${vhid}`, of: [vhid] }))]
  return steps.flatMap((step) => {
    const isIn = (atMs: number) => atMs >= (step.injectedMs?.sent ?? step.startMs) - 1 && atMs < step.observedUntilMs
    return streams.flatMap(({ stream, of }): Measurement[] => {
      const got = lines.filter(({ vhid, atMs }) => of.includes(vhid) && isIn(atMs))
      const own = told.filter(
        ({ change, line }) =>
          of.includes(change.vhid) && isIn(line?.atMs ?? middleOf({ low: change.fromMs, high: change.toMs })),
      )
      const row = { step: step.name, stream, unit: 'count' as const }
      return [
        {
          ...row,
          metric: 'alerts',
          ...(untilMs < step.observedUntilMs ? unread('the collector') : counted(got.length, sayLines(got))),
        },
        {
          ...row,
          metric: 'unalerted',
          ...(Math.min(untilMs, loggedUntilMs) < step.observedUntilMs
            ? unread('the collector, or a log,')
            : missed(own)),
        },
      ]
    })
  })
}

const unread = (what: string) => ({ interval: null, evidence: `${what} was not read after this step` })

const counted = (count: number, evidence: string) => ({ interval: { low: count, high: count }, evidence })

function missed(told: readonly Told[]) {
  const without = told.flatMap(({ change, line }) => (line === null ? [change] : []))
  const named = without.map(({ node, vhid, from, to, reason }) => `${node}, VHID ${vhid}: ${from} -> ${to} (${reason})`)
  const all = `${plural(told.length, 'role change')} logged`
  return counted(
    without.length,
    without.length === 0 ? `${all}, each with its line` : `${all}, no line of ${named.join('; ')}`,
  )
}

const sayLines = (lines: readonly Line[]): string =>
  lines.length === 0
    ? 'no line came'
    : lines.map(({ node, vhid, from, to }) => `${node}, VHID ${vhid}: ${from} -> ${to}`).join('; ')

/** The lines of the last reading that was answered: each goes back to the beginning. */
function collected(readings: readonly EventOf<'collected-log'>[]): { lines: Line[]; untilMs: number } {
  const answered = readings.flatMap(({ answer, ...rest }) => (answer === null ? [] : [{ ...rest, ...answer }]))
  const clock = relateClock(
    answered.map(({ atMs, machine, sentMs, wallMs, ackedMs }) => ({
      type: 'clock-sync',
      atMs,
      machine,
      sentMs,
      remoteMs: wallMs,
      receivedMs: ackedMs,
    })),
  )
  const last = answered.at(-1)
  if (clock === null || last === undefined) return { lines: [], untilMs: -Infinity }
  return {
    lines: last.lines.map((line) => ({ ...line, atMs: middleOf(clock.toRun(line.wallMs)) })),
    untilMs: last.sentMs,
  }
}

/** Each change with the first line that says the same and has not been given away, in order. */
function paired(changes: readonly LoggedChange[], lines: readonly Line[]): Told[] {
  const free = new Set(lines)
  return changes.map((change) => {
    const line = [...free].find(
      ({ node, vhid, from, to, atMs }) =>
        node === change.node &&
        vhid === change.vhid &&
        from === change.from &&
        to === change.to &&
        atMs > change.fromMs - slackMs &&
        atMs < change.toMs + slackMs,
    )
    if (line !== undefined) free.delete(line)
    return { change, line: line ?? null }
  })
}
