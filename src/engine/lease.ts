import type { Fault, NodeAccess, NodeCommand } from '../faults/fault.ts'
import { reasonOf } from '../model/failure.ts'
import type { PlannedUndo } from '../ports/undo-journal.ts'
import type { Drill } from './drill.ts'

/** An undo that a node carries out by itself so many seconds after it was last renewed. */
export const leaseSeconds = 60
const renewEveryMs = 15_000
const withinMs = 10_000

/** An armed undo. A runner that ends without disarming it leaves it to the node. */
export interface Lease {
  /** Renews it no longer, so that the node carries it out within its time. */
  leave(): void
  /** Disarms it. */
  end(): Promise<void>
}

/** The first words of the units of one undo; a number follows. */
const unitOf = ({ token }: Pick<PlannedUndo, 'token'>): string => `firedrill-undo-${token ?? 'none'}`

/** The VMIDs of machines, by the names of their taps; only those that the hypervisor tells. */
export async function vmidsOf(
  node: NodeAccess | null | undefined,
  machines: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const known = await Promise.all(
    machines.map(async (machine) => {
      const tap = (await node?.taps.tapOf(machine, 0, signal).catch(() => null)) ?? ''
      return [machine, Number(/^tap(\d+)i/.exec(tap)?.[1])] as const
    }),
  )
  return Object.fromEntries(known.filter(([, vmid]) => Number.isInteger(vmid)))
}

/**
 * Arms the undo of a fault on the nodes, as timed units that are renewed as long as this process lives. Null where no node lets anybody in,
 * or can undo it. What cannot be armed is recorded; the journal is there as before.
 */
export async function armLease(
  drill: Drill,
  fault: Fault,
  undo: PlannedUndo,
  signal: AbortSignal,
): Promise<Lease | null> {
  const { node, recorder } = drill
  const vmids = await vmidsOf(node, undo.machines, signal)
  if (node === null || node === undefined || undo.machines.some((machine) => vmids[machine] === undefined)) return null
  const commands = fault.undoOnNode?.(undo, vmids) ?? []
  if (commands.length === 0) return null
  const problem = (error: unknown) =>
    void recorder.record({ type: 'problem', where: `lease of ${undo.what}`, message: reasonOf(error) })
  const scripts = await scriptsByNode(node, commands, signal)
  const arm = (number: number) => armAll(node, scripts, `${unitOf(undo)}-${number}`)
  try {
    await arm(0)
  } catch (error) {
    problem(error)
    return null
  }
  return renewed(drill, node, scripts, { unit: unitOf(undo), arm, problem })
}

/** Stops every unit of an undo on every node, those of a runner that was killed among them. */
export async function disarm(node: NodeAccess, undo: Pick<PlannedUndo, 'token'>, signal: AbortSignal): Promise<void> {
  for (const name of [node.name, ...node.others])
    await node.shell.run(name, `systemctl stop '${unitOf(undo)}-*.timer' 2>/dev/null || :`, { signal })
}

type Scripts = ReadonlyMap<string, string>

function renewed(
  { clock }: Drill,
  node: NodeAccess,
  scripts: Scripts,
  { unit, arm, problem }: { unit: string; arm: (number: number) => Promise<void>; problem: (error: unknown) => void },
): Lease {
  const ended = new AbortController()
  const renew = async () => {
    for (let number = 1; !ended.signal.aborted; number++) {
      await clock.sleep(renewEveryMs, ended.signal).catch(() => {})
      if (ended.signal.aborted) return
      await arm(number).then(() => stopAll(node, scripts, `${unit}-${number - 1}`), problem)
    }
  }
  const renewing = renew().catch(problem)
  return {
    leave: () => ended.abort(),
    async end() {
      ended.abort()
      await renewing
      await stopAll(node, scripts, `${unit}-*`).catch(problem)
    },
  }
}

async function scriptsByNode(node: NodeAccess, commands: NodeCommand[], signal: AbortSignal): Promise<Scripts> {
  const placed = await Promise.all(
    commands.map(async ({ machine, command }) => ({
      command,
      on: machine === undefined ? node.name : await node.taps.nodeOf(machine, signal),
    })),
  )
  const groups = Object.groupBy(placed, ({ on }) => on)
  return new Map(Object.entries(groups).map(([on, own]) => [on, (own ?? []).map(({ command }) => command).join('; ')]))
}

async function armAll({ shell }: NodeAccess, scripts: Scripts, unit: string): Promise<void> {
  for (const [name, script] of scripts) {
    const command = `systemd-run --on-active=${leaseSeconds} --unit=${unit} /bin/sh -c ${quoted(script)}`
    await shell.run(name, command, { signal: AbortSignal.timeout(withinMs) })
  }
}

async function stopAll({ shell }: NodeAccess, scripts: Scripts, units: string): Promise<void> {
  for (const name of scripts.keys())
    await shell.run(name, `systemctl stop '${units}.timer' 2>/dev/null || :`, { signal: AbortSignal.timeout(withinMs) })
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
