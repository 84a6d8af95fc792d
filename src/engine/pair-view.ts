import type { Event, EventOf } from '../model/event.ts'
import type { HaState } from '../model/ha-state.ts'
import type { PairView } from './settled.ts'

/** What the recording tells of the pair since an instant: the latest word of every source on every node. */
export function pairView(events: readonly Event[], nodes: readonly string[], sinceMs: number): PairView {
  const latest = new Map(nodes.map((node) => [node, latestOf(events, node, sinceMs)]))
  const told = [...latest].filter(([, samples]) => samples.length > 0)
  const releases = events.findLast((event) => event.type === 'versions')
  return {
    states: new Map(told.map(([node, samples]) => [node, together(samples.map(({ state }) => state))])),
    syncs: new Map(nodes.flatMap((node) => latestSync(events, node, sinceMs))),
    contradictions: told.flatMap(([node, samples]) => contradictionsOf(node, samples)),
    ...(releases?.type === 'versions' ? { releases: releases.machines } : {}),
  }
}

/** One sample of each source, the one that was asked over SSH (or by what has no name) first. */
function latestOf(events: readonly Event[], node: string, sinceMs: number): EventOf<'ha-sample'>[] {
  const latest = new Map<string, EventOf<'ha-sample'>>()
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index]
    if (event === undefined || event.atMs < sinceMs) break
    if (event.type !== 'ha-sample' || event.node !== node || event.sentMs < sinceMs) continue
    const { source = 'ssh' } = event
    if (!latest.has(source)) latest.set(source, event)
  }
  return [...latest].toSorted(([one], [other]) => other.localeCompare(one)).map(([, sample]) => sample)
}

/** The first source that answers, and what it cannot tell by the next one that can. */
function together(states: readonly (HaState | null)[]): HaState | null {
  const [first, ...others] = states.filter((state) => state !== null)
  if (first === undefined) return null
  return others.reduce<HaState>(
    (known, { demotion, preempt, syncOk, maintenance, problem }) => ({
      ...known,
      demotion: known.demotion ?? demotion,
      preempt: known.preempt ?? preempt,
      syncOk: known.syncOk ?? syncOk,
      maintenance: known.maintenance ?? maintenance,
      problem: known.problem ?? problem,
    }),
    first,
  )
}

function contradictionsOf(node: string, samples: readonly EventOf<'ha-sample'>[]): string[] {
  const told = samples.flatMap(({ source = 'ssh', state }) =>
    (state?.vhids ?? []).map(({ vhid, state: role }) => ({ source, vhid, role })),
  )
  return [...Map.groupBy(told, ({ vhid }) => vhid)].flatMap(([vhid, own]) =>
    new Set(own.map(({ role }) => role)).size > 1
      ? [
          `sources differ on VHID ${vhid} of ${node}: ${own.map(({ source, role }) => `${role} by ${source}`).join(', ')}`,
        ]
      : [],
  )
}

function latestSync(events: readonly Event[], node: string, sinceMs: number) {
  const sample = events.findLast((event) => event.type === 'sync-sample' && event.node === node)
  return sample?.type === 'sync-sample' && sample.sentMs >= sinceMs ? [[node, sample] as const] : []
}
