import { readFileSync, readdirSync } from 'node:fs'
import { nowMs } from '../../../../src/probes/agent/clock.mjs'
import { processorMs, residentBytes } from '../../accuracy/rig/processor-time.ts'

/** What the agent costs while traffic is steady: its share of a core, and its memory at the end. */
interface Cost {
  processor: number
  residentBytes: number
}

const everyMs = 500
/** Until all sessions are open, ms. */
const settleMs = 5000

/** Looks at the agent of this machine until it ends. */
export function watchAgent(): { begin(): void; end(): Cost } {
  const samples: { atMs: number; usedMs: number; resident: number }[] = []
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    const pid = agentPid()
    if (pid !== null) samples.push({ atMs: nowMs(), usedMs: processorMs(pid), resident: residentBytes(pid) })
  }
  return {
    begin: () => void (timer = setInterval(look, everyMs)),
    end: () => {
      clearInterval(timer)
      const steady = samples.filter(({ atMs, usedMs }) => atMs > (samples[0]?.atMs ?? 0) + settleMs && usedMs > 0)
      const [first, last] = [steady[0], steady.at(-1)]
      if (first === undefined || last === undefined) throw new Error('the agent was not seen')
      const processor = (last.usedMs - first.usedMs) / (last.atMs - first.atMs)
      return { processor, residentBytes: last.resident }
    },
  }
}

function agentPid(): number | null {
  const found = readdirSync('/proc').find((name) => {
    try {
      const [program = '', script = ''] = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
      return program.endsWith('node') && script.includes('firedrill-agent')
    } catch {
      return false // no process, or it is gone
    }
  })
  return found === undefined ? null : Number(found)
}
