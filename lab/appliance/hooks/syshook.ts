import type { CarpState } from '../carp/vhid.ts'
import type { SystemLog } from '../system/system-log.ts'

/** A file of /usr/local/etc/rc.syshook.d/carp: gets `1@vtnet1` and the new state. */
export type CarpHook = { name: string; run: (subsystem: string, state: CarpState) => Promise<void> }

/** devd and configd: what a system event starts runs one after another, in the order of the events. */
export type EventQueue = (task: () => Promise<void>) => void

/** An empty queue; a task that fails is logged and the next one runs. */
export function createEventQueue(log: SystemLog): EventQueue {
  let last = Promise.resolve()
  return (task) => {
    last = runAfter(last, task, log)
  }
}

/** Delivers a transition to each hook in name order, each after the end of the one before. */
export async function runCarpHooks(
  hooks: readonly CarpHook[],
  subsystem: string,
  state: CarpState,
  log: SystemLog,
): Promise<void> {
  const ordered = [...hooks].sort((a, b) => a.name.localeCompare(b.name))
  for (const hook of ordered) await guarded(() => hook.run(subsystem, state), hook.name, log)
}

async function runAfter(before: Promise<void>, task: () => Promise<void>, log: SystemLog): Promise<void> {
  await before
  await guarded(task, 'configd.py', log)
}

async function guarded(task: () => Promise<void>, name: string, log: SystemLog): Promise<void> {
  try {
    await task()
  } catch (error) {
    log.program(name, error instanceof Error ? error.message : String(error))
  }
}
