import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AgentStream } from '../../../../src/probes/agent-stream.ts'
import { type Cable, targets } from './cable.ts'

/** A prober: our own agent, or somebody else's program. */
export interface Tool {
  name: string
  target: string
  /** The program that it needs, and the package that has it; null for our own. */
  program: { name: string; debian: string } | null
  start(everyMs: number): ChildProcess
}

const agent = fileURLToPath(new URL('../../../../src/probes/agent/main.mjs', import.meta.url))
const forever = '3600'

/** A stream of our own agent, as the harness would order it. */
const streamOf = (kind: string, everyMs: number): AgentStream => ({
  name: 'probe',
  kind,
  class: 'packets',
  from: 'client',
  to: 'target',
  address: targets.ours,
  port: kind === 'udp' ? 7 : null,
  everyMs,
  timeoutMs: 2000,
  sessions: 0,
})

/** All of them, each at the flags that suit it best. Every one prints a line for each probe, which nobody reads but the harness its own. */
export const toolsOf = (kind: string): Tool[] => [
  { name: `firedrill ${kind}`, target: targets.ours, program: null, start: (everyMs) => startAgent(kind, everyMs) },
  other(
    'fping -i 0 -p',
    targets.fping,
    ['fping', 'fping'],
    (everyMs) => `-4 -i 0 -p ${everyMs} -t 2000 -l -D ${targets.fping}`,
  ),
  other('ping -i', targets.ping, ['ping', 'iputils-ping'], (everyMs) => `-D -O -i ${everyMs / 1000} ${targets.ping}`),
  other('irtt', targets.irtt, ['irtt', 'irtt'], (everyMs) => `client -i ${everyMs}ms -d ${forever}s ${targets.irtt}`),
]

/** Whether its program is installed. */
export const isThere = ({ program }: Tool): boolean => program === null || hasProgram(program.name)

/** A line for each tool that is not here, with what to install. */
export const missingTools = (kind: string): string[] =>
  toolsOf(kind)
    .filter((tool) => !isThere(tool))
    .map(({ program }) => `${program?.name}: not installed (apt-get install ${program?.debian})`)

/** The other end of irtt; it serves everybody who asks. */
export function startServers(cable: Cable): void {
  if (hasProgram('irtt')) cable.start('irtt', ['server', '-b', `${targets.irtt}:2112`, '-d', '0', '-i', '0'])
}

/** Ends it for good. False, and said, where somebody else's program had ended by itself: it has no figures then. Our own may not. */
export async function end(child: ChildProcess, { program }: Tool): Promise<boolean> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'close')
    return true
  }
  const what = `${child.spawnargs.join(' ')} ended by itself with ${child.exitCode ?? child.signalCode}`
  if (program === null) throw new Error(what)
  process.stderr.write(`${what}\n`)
  return false
}

function hasProgram(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function startAgent(kind: string, everyMs: number): ChildProcess {
  const child = spawn(process.execPath, [agent], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.write(`${JSON.stringify({ streams: [streamOf(kind, everyMs)] })}\n`)
  child.stdout.resume()
  return child
}

const other = (
  name: string,
  target: string,
  [program, debian]: [string, string],
  args: (everyMs: number) => string,
): Tool => ({
  name,
  target,
  program: { name: program, debian },
  start: (everyMs) => spawn(program, args(everyMs).split(' '), { stdio: ['ignore', 'ignore', 'inherit'] }),
})
