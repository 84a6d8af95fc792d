import { setTimeout as sleep } from 'node:timers/promises'
import { execRequest } from '../node/guest-agent.ts'
import { hasAgent } from './start-media.ts'
import type { Running, Vm } from './vm.ts'

const patienceMs = 3000

/** The running VM whose agent answers. Costs 3 s, then refuses, where it does not. */
export async function agentOf(vm: Vm): Promise<Running> {
  const { running, vmid } = vm
  if (!hasAgent(vm)) throw new Error('No QEMU guest agent configured')
  if (!running) throw new Error(`VM ${vmid} is not running`)
  const call = running.machine.callAgent('ping')
  const startedAt = performance.now()
  const line = await Promise.race([call.firstLine.catch(() => undefined), sleep(patienceMs, undefined, { ref: false })])
  call.abandon()
  if (line === 'ok') return running
  if (running.hasAgent)
    await sleep(Math.max(0, patienceMs - (performance.now() - startedAt)), undefined, { ref: false })
  throw new Error('QEMU guest agent is not running')
}

/** How a program in the guest ended; `exitcode` or `signal`, output as it was written. */
export type Exit = { exitcode?: number; signal?: number; out: Buffer; err: Buffer }

/** Starts a program in the guest, without a shell; the result is its PID there. */
export async function execute(running: Running, command: readonly string[], input: Uint8Array): Promise<number> {
  const call = running.machine.callAgent(execRequest(command, input))
  const line = await Promise.race([call.firstLine, sleep(patienceMs, 'late', { ref: false })])
  const pid = /^pid (\d+)$/.exec(line)?.[1]
  if (pid === undefined) {
    call.abandon()
    throw new Error(`Agent error: Failed to execute child process “${command[0] ?? ''}” (No such file or directory)`)
  }
  running.agentCalls.set(Number(pid), call.closed)
  return Number(pid)
}

/** How a program ended, undefined while it runs. A finished one can be asked for once; then it is forgotten. */
export async function exitOf(running: Running, pid: number): Promise<Exit | undefined> {
  const waiting = running.agentCalls.get(pid)
  if (!waiting) throw new Error(`Agent error: PID ${pid} does not exist`)
  const lines = await Promise.race([waiting, sleep(20, undefined, { ref: false })])
  if (!lines) return undefined
  running.agentCalls.delete(pid)
  const status = Number(/^exit (\d+)$/.exec(lines[1] ?? '')?.[1] ?? 255)
  const [out, err] = [lines[2] ?? '', lines[3] ?? ''].map((text) => Buffer.from(text, 'base64'))
  const ending = status > 128 ? { signal: status - 128 } : { exitcode: status }
  return { ...ending, out: out ?? Buffer.alloc(0), err: err ?? Buffer.alloc(0) }
}

/** Runs a program in the guest to its end, at most 10 s; its output, or the agent's error. */
export async function outputOf(
  running: Running,
  command: readonly string[],
  input: Uint8Array = Buffer.alloc(0),
): Promise<Buffer> {
  const pid = await execute(running, command, input)
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    const exit = await exitOf(running, pid)
    if (!exit) continue
    if (exit.exitcode === 0) return exit.out
    throw new Error(`Agent error: ${exit.err.toString('utf8').trim()}`)
  }
  throw new Error('got timeout')
}
