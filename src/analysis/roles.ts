import type { EventOf } from '../model/event.ts'
import type { Lab } from '../model/lab.ts'
import type { RoleTrace } from '../model/result.ts'
import type { VhidRole } from '../model/ha-state.ts'
import type { Facts } from './facts.ts'
import { usualSource } from './roles/sources.ts'

type Segment = RoleTrace['segments'][number]

/** A node's roles by the kernel's own word, as one poll was told; null where it did not answer. */
interface RoleSample extends Pick<EventOf<'ha-sample'>, 'node' | 'sentMs' | 'ackedMs'> {
  vhids: VhidRole[] | null
}

/** Each firewall's role per VHID over time, from polls over SSH. A role is taken to hold from the request that saw it to the one that saw another. */
export function rolesOf(facts: Facts, lab: Lab, endMs: number): RoleTrace[] {
  const samples = samplesOf(facts)
  const seen = samples.flatMap(({ vhids: told }) => told?.map(({ vhid }) => vhid) ?? [])
  const vhids = [...new Set([...lab.pair.vips.map(({ vhid }) => vhid), ...seen])].toSorted((one, other) => one - other)
  const nodes = [...new Set(samples.map(({ node }) => node))].toSorted()
  return nodes.flatMap((node) => {
    const own = samples.filter((sample) => sample.node === node)
    return vhids.map((vhid) => ({ node, vhid, segments: segmentsOf(own, vhid, endMs) }))
  })
}

/** The role that a node was last seen in by a poll that had ended by then; a poll that the fault itself cut off says nothing of before. Null where there is none. */
export function roleSeenBy(facts: Facts, node: string, vhid: number, atMs: number): Segment['state'] | null {
  const ended = samplesOf(facts).filter((sample) => sample.node === node && sample.ackedMs <= atMs)
  const last = ended.toSorted((one, other) => one.ackedMs - other.ackedMs).at(-1)
  return last === undefined ? null : stateOf(last, vhid)
}

function samplesOf(facts: Facts): RoleSample[] {
  const whole = facts.of('ha-sample').map(({ state, ...sample }) => ({ ...sample, vhids: state?.vhids ?? null }))
  return [...whole, ...facts.of('role-sample')].filter(({ source = usualSource }) => source === usualSource)
}

function segmentsOf(samples: readonly RoleSample[], vhid: number, endMs: number): Segment[] {
  const segments: Segment[] = []
  for (const sample of samples.toSorted((one, other) => one.sentMs - other.sentMs)) {
    const state = stateOf(sample, vhid)
    const last = segments.at(-1)
    if (last?.state === state) continue
    if (last !== undefined) last.toMs = sample.sentMs
    segments.push({ fromMs: sample.sentMs, toMs: Math.max(endMs, sample.sentMs), state })
  }
  return segments
}

function stateOf({ vhids }: RoleSample, vhid: number): Segment['state'] {
  if (vhids === null) return 'UNREACHABLE'
  return vhids.find((one) => one.vhid === vhid)?.state ?? 'INIT'
}
