import { z } from 'zod'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import type { FirewallRoles } from '../ports/firewall.ts'
import { onSchema, timed, within } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'
import { processesOf } from './service-program.ts'

/** A firewall whose API and WebGUI are gone: nobody administers it, no configuration can be synced to it, and its traffic is as before. */
export const serviceStop: Fault = {
  kind: 'service-stop',
  needs: ['machine shell'],
  params: z.strictObject({ on: onSchema, service: z.enum(['webgui']) }),
  howTo:
    "ends a firewall's web server (pkill lighttpd or nginx): API, WebGUI and configuration sync to it are refused; healed by its rc.restart_webgui",
  calls({ machines }) {
    const on = (command: string) => machines.map((machine) => ({ ask: 'command' as const, machine, command }))
    return { prepare: on(look), begin: on(stop), verifyBegun: on(look), heal: on(start), verifyHealed: on(look) }
  },
  async prepare(aim, _lab, tools) {
    const { proven, evidence } = await see(aim, tools, true)
    if (proven) return aim
    throw new HarnessError(`expected a web server to stop, came: ${evidence}`, {
      exitCode: exitCodes.unavailable,
      hint: 'was an earlier fault not undone? firedrill recover',
    })
  },
  begin: (aim, tools) => each(aim, tools, stop),
  heal: (aim, tools) => each(aim, tools, start),
  verifyBegun: (aim, tools) => see(aim, tools, false),
  verifyHealed: (aim, tools) => see(aim, tools, true),
  undoByHand: ({ machines }) => `on ${machines.join(' and ')}: ${start}`,
}

const program = processesOf('webgui')
const stop = `pkill -x ${program}`
const look = `pgrep -x ${program} || :`
/** One that runs is left alone: a restart would cut who uses it. */
const start = `pgrep -x ${program} >/dev/null || for f in /usr/local/etc/rc.restart_webgui /etc/rc.restart_webgui; do [ ! -x $f ] || $f; done`

const each = ({ machines }: Aim, tools: FaultTools, command: string) =>
  timed(tools, () =>
    Promise.all(machines.map((machine) => tools.shell.run(machine, command, { signal: tools.signal }))),
  )

const seenWithinMs = 15_000
const answerWithinMs = 3000
const pollMs = 200

/** The kernel's word on its processes, and the API's where the harness has a way in by it. */
const see = ({ machines }: Aim, tools: FaultTools, isUp: boolean) =>
  forEach(machines, async (machine): Promise<Effect> => {
    const untilMs = tools.clock.nowMs() + seenWithinMs
    for (;;) {
      const said = await tools.shell.run(machine, look, { signal: tools.signal })
      const count = said.split('\n').filter((line) => line.trim() !== '').length
      const api = await askApi(machine, tools)
      const proven = count > 0 === isUp && (api === null || api.answers === isUp)
      const evidence = `${machine}: ${count} processes of its web server, its API ${api?.said ?? 'is not asked'}`
      if (proven || tools.clock.nowMs() > untilMs) return { proven, evidence }
      await tools.clock.sleep(pollMs, tools.signal)
    }
  })

/** Null where the target file names no API. */
async function askApi(machine: string, tools: FaultTools): Promise<{ answers: boolean; said: string } | null> {
  const system = rest(tools)?.system
  if (system === undefined) return null
  return system.read(machine, within(answerWithinMs, tools.signal)).then(
    () => ({ answers: true, said: 'answers' }),
    (error: unknown) => {
      tools.signal.throwIfAborted()
      return { answers: false, said: `does not answer (${reasonOf(error)})` }
    },
  )
}

function rest({ firewall }: FaultTools): FirewallRoles | null {
  try {
    return firewall('rest')
  } catch {
    return null
  }
}
