import type { Clock } from '../../../ports/clock.ts'
import type { RequestInterval } from '../../../ports/hypervisor.ts'
import type { Shell } from '../../../ports/shell.ts'
import { refusal } from '../refusal.ts'

/** What a command printed, and within which interval it ran. */
interface CommandReply extends RequestInterval {
  text: string
}

/** Runs commands at firewalls, by whatever way in. Throws where one fails, or takes longer than its limit (3 s where none is given). */
export interface Commander {
  /** `what` ends the sentence "expected fw1 to …"; `script` is for /bin/sh. */
  run(node: string, script: string, what: string, signal: AbortSignal, limitMs?: number): Promise<CommandReply>
}

const usualLimitMs = 3000

/** Commands over SSH. root's login shell may be csh or a menu, hence /bin/sh. */
export function sshCommander(shell: Shell, clock: Clock): Commander {
  return {
    run: async (node, script, what, signal, limitMs = usualLimitMs) => {
      const limit = AbortSignal.timeout(limitMs)
      const sentMs = clock.nowMs()
      try {
        const text = await shell.run(node, inSh(script), { signal: AbortSignal.any([signal, limit]) })
        return { text, sentMs, ackedMs: clock.nowMs() }
      } catch (thrown) {
        if (limit.aborted && !signal.aborted)
          throw refusal('slow', `expected ${node} to ${what} within ${limitMs / 1000} s, came nothing`)
        throw thrown
      }
    },
  }
}

/** Single quotes mean the same to sh and csh, and a quote inside them is closed, escaped and opened again in both. */
const inSh = (script: string) => `/bin/sh -c '${script.replaceAll("'", String.raw`'\''`)}'`
