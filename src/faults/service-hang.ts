import { z } from 'zod'
import { onSchema, timed } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'
import { processesOf, services } from './service-program.ts'

const written = z.object({ service: z.enum(services) })

/** A service that stands still: its port stays open and nothing answers, which a watcher of processes does not see. */
export const serviceHang: Fault = {
  kind: 'service-hang',
  needs: ['machine shell'],
  params: z.strictObject({ on: onSchema, service: z.enum(services) }),
  howTo:
    'stops the processes of a service in their tracks (pkill -STOP), its port stays open and nothing answers (webgui: the API too); healed by letting them go on (pkill -CONT)',
  calls({ machines, params }) {
    const on = (command: string) => machines.map((machine) => ({ ask: 'command' as const, machine, command }))
    return {
      begin: on(signalled('STOP', params)),
      verifyBegun: on(states(params)),
      heal: on(signalled('CONT', params)),
      verifyHealed: on(states(params)),
    }
  },
  begin: (aim, tools) => each(aim, tools, signalled('STOP', aim.params)),
  heal: (aim, tools) => each(aim, tools, `${signalled('CONT', aim.params)} || :`),
  verifyBegun: (aim, tools) => see(aim, tools, true),
  verifyHealed: (aim, tools) => see(aim, tools, false),
  undoByHand: ({ machines, params }) => `on ${machines.join(' and ')}: ${signalled('CONT', params)}`,
}

type Params = Readonly<Record<string, unknown>>

const signalled = (name: 'STOP' | 'CONT', params: Params): string =>
  `pkill -${name} -x ${processesOf(written.parse(params).service)}`

const states = (params: Params): string =>
  `for p in $(pgrep -x ${processesOf(written.parse(params).service)}); do ps -o stat= -p "$p"; done`

const each = ({ machines }: Aim, tools: FaultTools, command: string) =>
  timed(tools, () =>
    Promise.all(machines.map((machine) => tools.shell.run(machine, command, { signal: tools.signal }))),
  )

/** What the kernel says of the processes: T is one that was stopped. */
const see = ({ machines, params }: Aim, { shell, signal }: FaultTools, isHung: boolean) =>
  forEach(machines, async (machine): Promise<Effect> => {
    const said = await shell.run(machine, states(params), { signal })
    const found = said.split('\n').filter((line) => line.trim() !== '')
    const stopped = found.filter((state) => state.trim().startsWith('T'))
    const { service } = written.parse(params)
    const evidence = `${stopped.length} of ${found.length} processes of ${service} on ${machine} stand still`
    return { proven: isHung ? found.length > 0 && stopped.length === found.length : stopped.length === 0, evidence }
  })
