import type { CarpState } from '../carp/vhid.ts'
import type { SystemLog } from '../system/system-log.ts'

/** A file of /usr/local/etc/rc.syshook.d/carp: gets `1@vtnet1` and the new state. */
export type CarpHook = { name: string; run: (subsystem: string, state: CarpState) => Promise<void> }

/** devd's delivery: one call per VHID and transition, hooks in name order, each after the end of the one before. */
export function createSyshook(hooks: readonly CarpHook[], log: SystemLog): CarpHook['run'] {
  const ordered = [...hooks].sort((a, b) => a.name.localeCompare(b.name))
  let last = Promise.resolve()
  return (subsystem, state) => {
    last = last.then(async () => {
      for (const hook of ordered) await runHook(hook, subsystem, state, log)
    })
    return last
  }
}

async function runHook(hook: CarpHook, subsystem: string, state: CarpState, log: SystemLog): Promise<void> {
  try {
    await hook.run(subsystem, state)
  } catch (error) {
    log.program(hook.name, error instanceof Error ? error.message : String(error))
  }
}
