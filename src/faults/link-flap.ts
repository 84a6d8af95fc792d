import { z } from 'zod'
import { durationSchema } from '../model/duration.ts'
import { nameSchema } from '../model/name.ts'
import { onSchema } from './aimed.ts'
import { lookAtCarrier } from './carrier-sight.ts'
import type { Aim, Fault, FaultTools } from './fault.ts'
import { linkDown } from './link-down.ts'

const longestMs = 45_000
const written = z.object({ times: z.int(), period: z.number() })
const prepared = z.object({ nics: z.record(z.string(), z.int()) })

/** Downs that the guests themselves have seen, by the aim that caused them: they are over when they are asked for. */
const seenDowns = new WeakMap<Aim, Map<string, number>>()

/** A loose plug: the carrier goes and comes `times` times, half a period each. It ends with the link up. Reference: firewalls page §6 #19. */
export const linkFlap: Fault = {
  ...linkDown,
  kind: 'link-flap',
  params: z
    .strictObject({
      on: onSchema,
      network: nameSchema,
      times: z.int().min(1).max(20).default(3),
      period: durationSchema.default(2000),
    })
    .refine(({ times, period }) => times * period <= longestMs, {
      error: `expected times * period to be at most ${longestMs / 1000}s`,
    }),
  howTo:
    'takes the carrier of the NIC on a network away and gives it back, times times within period each (link_down=1, then without); healed by giving it back',
  async begin(aim, tools) {
    const { times, period } = written.parse(aim.params)
    const downs = new Map<string, number>()
    seenDowns.set(aim, downs)
    const sentMs = tools.clock.nowMs()
    for (let flap = 0; flap < times; flap += 1) {
      const startMs = tools.clock.nowMs()
      await linkDown.begin(aim, tools)
      await untilMs(startMs + period / 2, tools)
      await countDowns(aim, downs, tools)
      await linkDown.heal(aim, tools)
      await untilMs(startMs + period, tools)
    }
    return { sentMs, ackedMs: tools.clock.nowMs() }
  },
  async verifyBegun(aim, tools) {
    const { times } = written.parse(aim.params)
    const downs = aim.machines.map((machine) => ({ machine, count: seenDowns.get(aim)?.get(machine) ?? 0 }))
    const up = await linkDown.verifyHealed(aim, tools)
    const said = downs.map(({ machine, count }) => `${machine} saw its link down ${count} of ${times} times`)
    const proven = up.proven && downs.every(({ count }) => count === times)
    return { proven, evidence: [...said, up.evidence].join('; ') }
  },
}

const untilMs = (atMs: number, { clock, signal }: FaultTools): Promise<void> =>
  clock.sleep(Math.max(0, atMs - clock.nowMs()), signal)

async function countDowns({ machines, params }: Aim, downs: Map<string, number>, tools: FaultTools): Promise<void> {
  for (const machine of machines) {
    const { isThere } = await lookAtCarrier(machine, prepared.parse(params).nics[machine] ?? 0, tools)
    if (!isThere) downs.set(machine, (downs.get(machine) ?? 0) + 1)
  }
}
