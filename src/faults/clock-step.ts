import { z } from 'zod'
import { onSchema, timed } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Effect, Fault, FaultTools } from './fault.ts'

const least = 10
const most = 86_400
const secondsSchema = z.int().min(-most).max(most)
const reading = z.object({ machine: z.string(), offset: z.number(), boot: z.int() })
/** `before`: the firewalls' clocks against this machine's, in seconds, and what they called their boot. */
const prepared = z.object({ seconds: secondsSchema, before: z.array(reading).min(1) })
type Reading = z.output<typeof reading>

/**
 * The clock of a firewall set wrong by so many seconds: its log, certificates and time-outs by the calendar. Its kernel's own time goes on, so that CARP
 * does not notice. Healed by setting it right against this machine's clock, however it came to be wrong.
 */
export const clockStep: Fault = {
  kind: 'clock-step',
  needs: ['machine shell'],
  params: z.strictObject({
    on: onSchema,
    seconds: secondsSchema.refine((value) => Math.abs(value) >= least, {
      error: `expected at least ${least} seconds forward or back`,
    }),
  }),
  howTo: `steps the clock of a firewall by so many seconds, forward or back (date -f %s ...); healed by setting it as it was against the clock of this machine; its time service may mend it before`,
  calls({ machines, params }) {
    const on = (command: string) => machines.map((machine) => ({ ask: 'command' as const, machine, command }))
    const { seconds } = z.object({ seconds: secondsSchema }).parse(params)
    const back = on(stepped('{seconds}'))
    return { prepare: on(look), begin: on(stepped(seconds)), verifyBegun: on(look), heal: back, verifyHealed: on(look) }
  },
  async prepare({ machines, params }, _lab, tools) {
    return { machines, params: { ...params, before: await Promise.all(machines.map((one) => read(one, tools))) } }
  },
  begin: (aim, tools) =>
    timed(tools, () => {
      const { seconds } = prepared.parse(aim.params)
      return Promise.all(aim.machines.map((machine) => step(machine, seconds, tools)))
    }),
  heal: (aim, tools) =>
    timed(tools, () =>
      Promise.all(
        prepared.parse(aim.params).before.map(async ({ machine, offset }) => {
          const wrong = Math.round((await read(machine, tools)).offset - offset)
          if (Math.abs(wrong) >= tolerance) await step(machine, -wrong, tools)
        }),
      ),
    ),
  verifyBegun: ({ params }, tools) => {
    const { seconds, before } = prepared.parse(params)
    return forEach(
      before.map(({ machine }) => machine),
      (machine) => see(machine, { before, seconds }, tools),
    )
  },
  verifyHealed: ({ params }, tools) => {
    const { before } = prepared.parse(params)
    return forEach(
      before.map(({ machine }) => machine),
      (machine) => see(machine, { before, seconds: 0 }, tools),
    )
  },
  undoByHand: ({ machines }) =>
    `on ${machines.join(' and ')}: date -f %s <seconds since 1970>, as a clock that is right tells them (date +%s)`,
}

/** A reading is of whole seconds, and a command takes its time. */
const tolerance = 3

/** Begins with a second, so that nothing is lost of the one under way. */
const stepped = (by: number | string): string =>
  `a=$(date +%s); while [ "$(date +%s)" = "$a" ]; do sleep 0.02; done; date -f %s $((a + 1 + ${by})) +%s`

const step = (machine: string, by: number, { shell, signal }: FaultTools): Promise<string> =>
  shell.run(machine, stepped(by), { signal })

const look = 'date +%s; sysctl -n kern.boottime'

async function read(machine: string, { shell, signal }: FaultTools): Promise<Reading> {
  const sent = Date.now() / 1000
  const said = await shell.run(machine, look, { signal })
  const middle = (sent + Date.now() / 1000) / 2
  const [, seconds, boot] = /^(\d+)\s[^]*?\bsec = (\d+)/.exec(said) ?? []
  return { machine, offset: Math.round((Number(seconds) + 0.5 - middle) * 10) / 10, boot: Number(boot) }
}

/** Its clock against this machine's, and what its kernel calls the time of its boot: that moves with a step, and only with it. */
async function see(
  machine: string,
  { before, seconds }: { before: Reading[]; seconds: number },
  tools: FaultTools,
): Promise<Effect> {
  const was = before.find((one) => one.machine === machine)
  const now = await read(machine, tools)
  const moved = now.offset - (was?.offset ?? NaN)
  const bootMoved = now.boot - (was?.boot ?? NaN)
  const isThere = Math.abs(moved - seconds) <= tolerance
  const isKernels = seconds === 0 || Math.abs(bootMoved - seconds) <= tolerance
  const evidence = `${machine}: its clock is ${moved.toFixed(1)} s from where it was, and what its kernel calls its boot ${bootMoved} s`
  return { proven: isThere && isKernels, evidence }
}
