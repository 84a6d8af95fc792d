import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { nicIndex, onSchema } from './aimed.ts'
import { droppingFault } from './dropping-fault.ts'
import type { Aim, Effect, Fault } from './fault.ts'
import { beginQueue, healQueue, prepareQueue, preparedQueue, queueUndo, seeNoQueue, seeQueue } from './path-queue.ts'

const percent = z.number().gt(0).max(100)
const wishes = {
  loss: percent.optional(),
  mtu: z.int().min(68).max(65_535).optional(),
  rate: z
    .string()
    .regex(/^[1-9]\d{0,5}[km]bit$/, { error: 'expected a rate like 512kbit or 10mbit' })
    .optional(),
  delay: durationSchema.optional(),
  reorder: percent.optional(),
  duplicate: percent.optional(),
}
const written = z.object({
  network: z.string(),
  oneWay: z.boolean().default(false),
  ...wishes,
  delay: z.number().optional(),
})
const prepared = z.object({
  byRules: z.record(z.string(), z.unknown()).nullable(),
  byQueue: preparedQueue.nullable(),
})

/** Loss and MTU: rules of nftables, which every node has, and whose counters prove them. */
const rules = droppingFault({
  kind: 'path-impair',
  params: z.looseObject({}),
  howTo: '',
  what: 'packets',
  rules({ machines, params }) {
    const { network, loss, mtu, oneWay } = written.parse(params)
    const matches = [
      ...(loss === undefined ? [] : [{ match: `numgen random mod 10000 < ${Math.round(loss * 100)}`, of: 'loss' }]),
      ...(mtu === undefined ? [] : [{ match: `meta length > ${mtu}`, of: 'mtu' }]),
    ]
    return machines.flatMap((machine) =>
      (oneWay ? (['from'] as const) : (['from', 'to'] as const)).flatMap((way) =>
        matches.map(({ match, of }) => ({ machine, way, network, match, group: `${network}-${of}` })),
      ),
    )
  },
  nudges({ machines, params }, lab) {
    const { network, mtu } = written.parse(params)
    const size = mtu === undefined ? '' : `-s ${Math.min(mtu, 1472)} `
    return machines.map((machine) => ({
      machine,
      command: `ping -n -q -c 100 -i 0.002 -W 1 ${size}-I eth${nicIndex(machine, network, lab)} 224.0.0.1`,
    }))
  },
})

/**
 * A path that is bad and not broken, no carrier changes. What the node's kernel lacks makes the trial unknown, with the name of its module.
 * Reference: kernel documentation of netem, tbf and nftables.
 */
export const pathImpair: Fault = {
  kind: 'path-impair',
  needs: ['node shell'],
  params: z
    .strictObject({ on: onSchema, network: nameSchema, oneWay: z.boolean().optional(), ...wishes })
    .refine((params) => Object.keys(wishes).some((key) => Object.hasOwn(params, key)), {
      error: `expected at least one of ${Object.keys(wishes).join(', ')}`,
    }),
  howTo:
    'loses (loss, mtu: nft at the tap, oneWay: only what the machine sends), limits (rate: tbf) or delays, reorders, duplicates (netem) packets of a NIC at the node; queues hold what goes to the machine; healed by deleting rules and queue',

  calls: (aim, lab) => rules.calls?.(aim, lab) ?? { begin: [], verifyBegun: [], heal: [], verifyHealed: [] },

  async prepare(aim, lab, tools) {
    const wish = written.parse(aim.params)
    const discipline = disciplineOf(wish)
    const hasRules = wish.loss !== undefined || wish.mtu !== undefined
    const ready = hasRules ? await rules.prepare?.(aim, lab, tools) : null
    const byQueue = discipline === null ? null : await prepareQueue(aim, discipline, wish.network, lab, tools)
    return { machines: aim.machines, params: { ...aim.params, byRules: ready?.params ?? null, byQueue } }
  },

  async begin(aim, tools) {
    const { byRules, byQueue } = partsOf(aim)
    const first = byRules === null ? null : await rules.begin(byRules, tools)
    const last = byQueue === null ? null : await beginQueue(byQueue, tools)
    return { sentMs: (first ?? last)?.sentMs ?? tools.clock.nowMs(), ackedMs: tools.clock.nowMs() }
  },
  async heal(aim, tools) {
    const { byRules, byQueue } = partsOf(aim)
    const sentMs = tools.clock.nowMs()
    if (byQueue !== null) await healQueue(byQueue, tools)
    if (byRules !== null) await rules.heal(byRules, tools)
    return { sentMs, ackedMs: tools.clock.nowMs() }
  },
  async verifyBegun(aim, tools) {
    const { byRules, byQueue } = partsOf(aim)
    const seen = [
      ...(byRules === null ? [] : [await rules.verifyBegun(byRules, tools)]),
      ...(byQueue === null ? [] : [await seeQueue(byQueue, tools)]),
    ]
    return all(seen)
  },
  async verifyHealed(aim, tools) {
    const { byRules, byQueue } = partsOf(aim)
    const seen = [
      ...(byRules === null ? [] : [await rules.verifyHealed(byRules, tools)]),
      ...(byQueue === null ? [] : [await seeNoQueue(byQueue, tools)]),
    ]
    return all(seen)
  },
  undoOnNode(aim, vmids) {
    const { byRules, byQueue } = partsOf(aim)
    return [
      ...(byQueue === null ? [] : queueUndo(byQueue)),
      ...(byRules === null ? [] : (rules.undoOnNode?.(byRules, vmids) ?? [])),
    ]
  },
}

function partsOf({ machines, params }: Aim) {
  const { byRules, byQueue } = prepared.parse(params)
  return { byRules: byRules === null ? null : { machines, params: byRules }, byQueue }
}

const all = (effects: Effect[]): Effect => ({
  proven: effects.length > 0 && effects.every(({ proven }) => proven),
  evidence: effects.map(({ evidence }) => evidence).join('; '),
})

/** The words for `tc`; null where no queue is asked for. netem can limit, too. */
function disciplineOf({ delay, reorder, duplicate, rate }: z.output<typeof written>): string | null {
  const words = [
    ...(delay === undefined && reorder === undefined ? [] : [`delay ${delay ?? 10}ms`]),
    ...(reorder === undefined ? [] : [`reorder ${reorder}%`]),
    ...(duplicate === undefined ? [] : [`duplicate ${duplicate}%`]),
  ]
  if (words.length === 0) return rate === undefined ? null : `tbf rate ${rate} burst 16kb latency 50ms`
  return ['netem', ...words, ...(rate === undefined ? [] : [`rate ${rate}`])].join(' ')
}
