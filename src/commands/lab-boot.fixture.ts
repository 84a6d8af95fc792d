import { setTimeout as sleep } from 'node:timers/promises'
import { startClock } from '../engine/clock.ts'
import { unsettledReasons } from '../engine/settled.ts'
import type { HaState } from '../model/ha-state.ts'
import type { Lab } from '../model/lab.ts'
import { connect } from './connection.ts'
import type { Connection } from './connection.ts'
import { startEmbeddedLab } from './embedded-lab.ts'
import { chooseLab } from './loading.ts'
import { standUpLab } from './provisioned-lab.ts'
import type { StandingLab } from './provisioned-lab.ts'
import { readTarget } from './target-file.ts'

const settleWithinMs = 90_000
const pollMs = 100

/** A lab of the project on an embedded hypervisor of its own, provisioned and settled. */
export interface BootedLab {
  lab: Lab
  connection: Connection
  /** From the start of the hypervisor until it answers, until all machines answer, and until the pair is settled. */
  hypervisorMs: number
  standsMs: number
  settledMs: number
  /** Runs a command on a machine; its output. Throws where it fails. */
  run(machine: string, command: string): Promise<string>
  /** Takes everything down; resolves to what is left, one line each. */
  leave(): Promise<string[]>
}

/** Boots a lab by its name. Throws, with the reasons, where its pair does not settle. `say` hears of the progress. */
export async function bootLab(name: string, say: (text: string) => void = () => {}): Promise<BootedLab> {
  const { lab, labFile } = await chooseLab(name)
  const beganMs = performance.now()
  const embedded = await startEmbeddedLab(labFile, [], 1)
  const hypervisorMs = performance.now() - beganMs
  try {
    const target = await readTarget(embedded.targetFile)
    const wish = { lab, target, instance: 0, secrets: 'random', kept: false } as const
    const standing = await standUpLab(wish, startClock(), say, AbortSignal.timeout(settleWithinMs))
    const standsMs = performance.now() - beganMs
    const machines = Object.keys(lab.machines)
    const connection = await connect(standing.target, { name: standing.label, machines }, startClock())
    await settle(lab, connection)
    const settledMs = performance.now() - beganMs
    const leave = () => takeDown(connection, standing, embedded.stop)
    const run = (machine: string, command: string) =>
      connection.shell.run(machine, command, { signal: AbortSignal.timeout(30_000) })
    return { lab, connection, hypervisorMs, standsMs, settledMs, run, leave }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}

async function settle(lab: Lab, { haReader }: Connection): Promise<void> {
  const deadlineMs = performance.now() + settleWithinMs
  for (;;) {
    const reasons = unsettledReasons(lab, { states: await statesOf(lab, haReader) })
    if (reasons.length === 0) return
    if (performance.now() > deadlineMs) throw new Error(`${lab.lab} does not settle: ${reasons.join('; ')}`)
    await sleep(pollMs)
  }
}

async function statesOf(lab: Lab, haReader: Connection['haReader']): Promise<Map<string, HaState | null>> {
  const read = async (node: string) =>
    [node, await haReader.read(node, AbortSignal.timeout(5000)).catch(() => null)] as const
  return new Map(await Promise.all([lab.pair.primary, lab.pair.secondary].map(read)))
}

async function takeDown(connection: Connection, standing: StandingLab, stop: () => Promise<void>): Promise<string[]> {
  try {
    await connection.close()
    return await standing.leave()
  } finally {
    await stop()
  }
}
