import { z } from 'zod'
import { reasonOf } from '../model/failure.ts'
import { machineRefSchema } from '../model/name.ts'
import { forEach, together } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'
import { commandSchema, warnedCommand } from './refused-command.ts'

const accepted = z.object({ run: z.string(), proof: z.string(), undo: z.string(), undone: z.string() })

/** A command of the scenario's own on a machine, for what no other fault does. What proves it, and its undoing, belong to it. */
export const command: Fault = {
  kind: 'command',
  needs: ['machine shell'],
  params: z.strictObject({
    on: z.union([machineRefSchema, z.array(machineRefSchema).min(1)]),
    run: commandSchema,
    /** Succeeds only while the effect of `run` is there. */
    proof: commandSchema,
    /** Undoes `run`, whether it ran wholly, half or not at all. */
    undo: commandSchema,
    /** Succeeds only when nothing of `run` is left. */
    undone: commandSchema,
  }),
  howTo:
    'runs a command over SSH (run), believes it when another succeeds (proof); healed by a third (undo), seen by a fourth (undone)',

  warns: ({ params }) => warnedCommand(accepted.parse(params).run),

  calls({ machines, params }) {
    const { run, proof, undo, undone } = accepted.parse(params)
    const onEach = (text: string) => machines.map((machine) => ({ ask: 'command' as const, machine, command: text }))
    return { begin: onEach(run), verifyBegun: onEach(proof), heal: onEach(undo), verifyHealed: onEach(undone) }
  },

  begin: (aim, tools) => together(aim.machines, (machine) => carryOut(machine, accepted.parse(aim.params).run, tools)),
  heal: (aim, tools) => together(aim.machines, (machine) => carryOut(machine, accepted.parse(aim.params).undo, tools)),
  verifyBegun: (aim, tools) => verify(aim, accepted.parse(aim.params).proof, tools),
  verifyHealed: (aim, tools) => verify(aim, accepted.parse(aim.params).undone, tools),
  undoByHand: ({ machines, params }) => `on ${machines.join(' and ')}: ${accepted.parse(params).undo}`,
}

async function carryOut(machine: string, text: string, { shell, clock, signal }: FaultTools) {
  const sentMs = clock.nowMs()
  await shell.run(machine, text, { signal })
  return { sentMs, ackedMs: clock.nowMs() }
}

const verify = ({ machines }: Aim, proof: string, { shell, signal }: FaultTools) =>
  forEach(machines, (machine): Promise<Effect> =>
    shell.run(machine, proof, { signal }).then(
      (said) => ({ proven: true, evidence: `${machine}: "${proof}" succeeds${quoted(said)}` }),
      (error: unknown) => ({ proven: false, evidence: reasonOf(error) }),
    ),
  )

const quoted = (said: string): string => {
  const line = said.trim().split('\n', 1)[0] ?? ''
  return line === '' ? '' : ` and says ${JSON.stringify(line.slice(0, 120))}`
}
