import { knownEndpoints, outOfReach } from './known-endpoints.ts'
import type { Outcome } from './runner.ts'
import type { Tally } from './tally.ts'

const words = { ok: 'ok', failed: 'FAILED', 'not run': 'not run', undecided: 'UNKNOWN' } as const

/** One line per case, with its reason below where there is one. */
export function caseLine({ case: { name }, verdict, why, seconds }: Outcome): string {
  const because = verdict === 'not run' ? ` because ${why}` : why === '' ? '' : `\n                    ${why}`
  return `${words[verdict].padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${name}${verdict === 'not run' ? ':' : ''}${because}`
}

/** All that is said at the end. */
export function endReport(outcomes: readonly Outcome[], tally: Tally, left: readonly string[]): string {
  return [
    '',
    ...endpointLines(outcomes, tally),
    '',
    ...schemaLines(tally),
    '',
    ...(left.length === 0 ? ['left behind: nothing'] : left.map((each) => `left behind: ${each}`)),
    `cases: ${Object.entries(words)
      .map(([verdict, word]) => `${outcomes.filter((each) => each.verdict === verdict).length} ${word}`)
      .join(', ')}`,
  ].join('\n')
}

function endpointLines(outcomes: readonly Outcome[], { endpoints }: Tally): string[] {
  const exercised = [...knownEndpoints.keys()].filter((name) => endpoints.has(name))
  const missed = [...knownEndpoints.keys()].filter((name) => !endpoints.has(name))
  const others = [...endpoints.keys()].filter((name) => !knownEndpoints.has(name))
  return [
    `endpoints of the driver exercised: ${exercised.length} of ${knownEndpoints.size}`,
    ...byPath(exercised).map((name) => `${String(endpoints.get(name)).padStart(6)}  ${name}`),
    `endpoints of the driver not exercised: ${missed.length}`,
    ...byPath(missed).map((name) => `        ${name}: ${reasonFor(name, outcomes)}`),
    `calls beside those of the driver: ${others.length} endpoints`,
    ...byPath(others).map((name) => `${String(endpoints.get(name)).padStart(6)}  ${name}`),
  ]
}

function reasonFor(endpoint: string, outcomes: readonly Outcome[]): string {
  const lost = outcomes.find((each) => each.why !== '' && each.case.endpoints.includes(endpoint))
  return lost?.why ?? outOfReach[endpoint] ?? 'nothing in this run led to it'
}

function schemaLines({ requests, replies, deviations, hasSchema }: Tally): string[] {
  if (!hasSchema) {
    return [
      'official schema: not here, so requests and replies were not held against it',
      `replies that the driver's own schema accepts: ${replies.own}`,
    ]
  }
  const unexplained = deviations.filter(({ topic }) => topic === null)
  return [
    `requests: ${requests.valid} valid against the official schema, ${requests.wrongOnPurpose} wrong on purpose and refused, ${requests.invalid.length} invalid`,
    ...requests.invalid.map((each) => `  invalid: ${each}`),
    `replies: ${replies.valid} valid against the official schema (${replies.coerced} of them after coercion), ${replies.own} without a schema valid against the driver's own, ` +
      `${replies.unchecked} without either, ${replies.unreadable.length} unreadable, ${replies.refusals} refusals`,
    ...replies.unreadable.map((each) => `  unreadable: ${each}`),
    `deviations from the official schema: ${deviations.length}, of them unexplained: ${unexplained.length}`,
    ...deviations.map(
      ({ endpoint, mismatch, count, topic }) =>
        `  ${count} x ${endpoint}: ${mismatch.where}: ${mismatch.what} [${topic ?? 'UNEXPLAINED'}]`,
    ),
  ]
}

/** Sorted by path, then by method. */
const byPath = (names: readonly string[]): string[] => {
  const key = (name: string) => name.split(' ').toReversed().join(' ')
  return names.toSorted((a, b) => key(a).localeCompare(key(b)))
}
