import { randomUUID } from 'node:crypto'
import type { Effect, Fault, FaultTools } from '../faults/fault.ts'
import { reasonOf } from '../model/failure.ts'
import type { RequestInterval } from '../ports/hypervisor.ts'
import type { PlannedUndo } from '../ports/undo-journal.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'
import type { Halt } from './halt.ts'
import { armLease, leaseSeconds, vmidsOf } from './lease.ts'
import type { Lease } from './lease.ts'

/** For one attempt: a heal may have to wait for a bulk update of state sync. */
const undoWithinMs = 100_000
/** No attempt begins later than this after the first. */
const retryWithinMs = 45_000
/** Pauses between attempts: a hypervisor that is away for half a minute costs no undo. */
const retryMs = [1000, 2000, 4000, 8000, 15_000]

/** The undos that a drill still owes. Each is on disk before its fault begins, and leaves the stack only when it is done. */
export interface UndoStack {
  /** Persists the undo of a fault that is about to begin, and arms it on the hypervisor's nodes where these can carry it out. */
  push(undo: PlannedUndo, fault: Fault, maxMs: number, signal: AbortSignal): Promise<void>
  /** Carries out the undo of one fault as a step of the drill. */
  heal(
    id: string,
    signal: AbortSignal,
  ): Promise<{ interval: RequestInterval; effect: Effect; machines: string[] } | null>
  /** Carries out all that is owed, latest first, whatever became of the drill. Returns what could not be undone, and how a person does it. */
  undoAll(): Promise<string[]>
}

interface Owed {
  undo: PlannedUndo
  fault: Fault
  lease: Lease | null
  /** Halts the drill when the fault has lasted long enough. */
  cap: { stop(): void }
}

/** Opens an empty stack over the drill's journal. */
export function openUndoStack(drill: Drill, halt: Halt): UndoStack {
  const owed: Owed[] = []
  return {
    async push(planned, fault, maxMs, signal) {
      const byHand = await waysByHand(drill, planned, fault, signal)
      const undo = { ...planned, byHand, token: randomUUID().slice(0, 8) }
      drill.journal.plan(undo)
      const cap = halt.after(maxMs, `${undo.what} has lasted ${maxMs / 1000} s, which is its limit`)
      const entry: Owed = { undo, fault, lease: null, cap }
      owed.push(entry)
      drill.recorder.record({ type: 'undo', id: undo.id, state: 'planned', what: undo.what })
      entry.lease = await armLease(drill, fault, undo, signal)
    },
    async heal(id, signal) {
      const entry = owed.find(({ undo }) => undo.id === id)
      return entry === undefined ? null : healOne(drill, owed, entry, signal)
    },
    async undoAll() {
      const left: string[] = []
      for (const entry of owed.toReversed()) if (!(await tryToUndo(drill, owed, entry))) left.push(leftOf(entry))
      return left
    },
  }
}

/** What a person is told of an undo that nothing could carry out; from here on the node is left to try it. */
function leftOf({ undo, lease }: Owed): string {
  lease?.leave()
  const attempt = lease === null ? '' : `; the node tries it by itself within ${leaseSeconds} s`
  return `${undo.what}${attempt}; by hand: ${undo.byHand}`
}

async function healOne(drill: Drill, owed: Owed[], entry: Owed, signal: AbortSignal) {
  const tools = toolsOf(drill, signal)
  const interval = await entry.fault.heal(entry.undo, tools)
  const effect = await entry.fault.verifyHealed(entry.undo, tools)
  if (effect.proven) await settle(drill, owed, entry)
  return { interval, effect, machines: entry.undo.machines }
}

async function tryToUndo(drill: Drill, owed: Owed[], entry: Owed): Promise<boolean> {
  const startMs = drill.clock.nowMs()
  for (const pauseMs of [...retryMs, null]) {
    if (drill.clock.nowMs() - startMs > retryWithinMs) return false
    const signal = AbortSignal.timeout(undoWithinMs)
    const outcome = await healOne(drill, owed, entry, signal).then(
      ({ effect }) => (effect.proven ? null : effect.evidence),
      (error: unknown) => reasonOf(error),
    )
    if (outcome === null) return true
    drill.recorder.record({ type: 'undo', id: entry.undo.id, state: 'failed', what: entry.undo.what, error: outcome })
    if (pauseMs !== null) await drill.clock.sleep(pauseMs, signal).catch(() => {})
  }
  return false
}

async function settle(drill: Drill, owed: Owed[], entry: Owed): Promise<void> {
  entry.cap.stop()
  await entry.lease?.end()
  drill.journal.done(entry.undo)
  owed.splice(owed.indexOf(entry), 1)
  drill.recorder.record({ type: 'undo', id: entry.undo.id, state: 'done', what: entry.undo.what })
}

/** In words that hold without this program: commands for the node where one can undo it. */
async function waysByHand(drill: Drill, undo: PlannedUndo, fault: Fault, signal: AbortSignal): Promise<string> {
  const told = fault.undoByHand?.(undo)
  if (told !== undefined) return told
  const vmids = await vmidsOf(drill.node, undo.machines, signal)
  const isKnown = undo.machines.every((machine) => vmids[machine] !== undefined)
  const commands = isKnown ? (fault.undoOnNode?.(undo, vmids) ?? []) : []
  return commands.length === 0 ? fault.howTo : `on the node: ${commands.map(({ command }) => command).join('; ')}`
}

/** The tools that faults work with, bound to a signal. */
export function toolsOf(drill: Drill, signal: AbortSignal): FaultTools {
  const { hypervisor, nics, haReader, shell, firewallVia: firewall, clock, node = null } = drill
  return { hypervisor, nics, haReader, shell, node, firewall, clock, firewalls: firewallsOf(drill), signal }
}
