import { reasonOf } from '../model/failure.ts'
import type { CarpLog } from '../ports/firewall.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'

/** The nodes' own accounts of CARP, read from the start of the run on. */
export interface LogWatch {
  /** Compares the logs' clocks with the run's; it takes about 2 s. */
  compareClocks(): Promise<void>
  /** Reads what has been logged since the run began, and what of it a collector got. */
  read(): Promise<void>
}

const withinMs = 15_000

/** What is read, and what cannot be, is recorded; nothing is thrown. */
export function watchLogs(drill: Drill): LogWatch {
  const { carpLog } = drill
  if (carpLog === undefined) return { compareClocks: async () => {}, read: async () => {} }
  const zeroes = new Map<string, number>()
  const each = async (work: (node: string) => Promise<void>) => void (await Promise.all(firewallsOf(drill).map(work)))
  return {
    compareClocks: () => each((node) => compare(drill, carpLog, node, zeroes)),
    read: async () => {
      await Promise.all([each((node) => read(drill, carpLog, node, zeroes)), readCollector(drill)])
    },
  }
}

async function compare(drill: Drill, log: CarpLog, node: string, zeroes: Map<string, number>): Promise<void> {
  try {
    const { zeroMs, boundMs } = await log.clock(node, AbortSignal.timeout(withinMs))
    drill.recorder.record({ type: 'log-clock', node, zeroMs, boundMs })
    if (!zeroes.has(node)) zeroes.set(node, zeroMs - boundMs)
  } catch (error) {
    drill.recorder.record({ type: 'problem', where: `clock of the log of ${node}`, message: reasonOf(error) })
  }
}

async function read({ recorder, clock }: Drill, log: CarpLog, node: string, zeroes: Map<string, number>) {
  const sinceMs = zeroes.get(node)
  if (sinceMs === undefined) return
  const sentMs = clock.nowMs()
  const answer = await log.entries(node, sinceMs, AbortSignal.timeout(withinMs)).then(
    (entries) => ({ entries }),
    (error: unknown) => ({ entries: null, error: reasonOf(error) }),
  )
  recorder.record({ type: 'carp-log', node, sentMs, ackedMs: clock.nowMs(), ...answer })
}

async function readCollector({ recorder, clock, collector }: Drill): Promise<void> {
  if (collector === undefined) return
  const sentMs = clock.nowMs()
  const told = await collector.read(AbortSignal.timeout(withinMs)).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ answer: null, error: reasonOf(error) }),
  )
  recorder.record({ type: 'collected-log', machine: collector.machine, sentMs, ackedMs: clock.nowMs(), ...told })
}
