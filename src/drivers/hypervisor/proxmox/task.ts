import { z } from 'zod'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { Clock } from '../../../ports/clock.ts'
import { optionalText, parseReply } from './reply.ts'
import type { Request } from './request.ts'

const upidSchema = z.string().regex(/^UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:]+:[^:]*:[^:]+:$/, {
  error: 'expected the UPID of a task',
})
const statusSchema = z.object({ status: z.enum(['running', 'stopped']), exitstatus: optionalText })

const firstPollMs = 250
const slowestPollMs = 2000
const limitMs = 180_000
/** The server may publish the verdict a moment after the end. */
const patienceWithVerdictMs = 3000

/** Waits for the task that a call has answered with, up to three minutes. Throws its exit status unless `OK` or `WARNINGS: n`. */
export async function awaitTask(
  request: Request,
  clock: Clock,
  call: string,
  data: unknown,
  signal: AbortSignal,
): Promise<void> {
  const upid = parseReply(upidSchema, call, data)
  const verdict = await verdictOf(request, clock, upid, signal)
  if (verdict === 'OK' || /^WARNINGS: \d+$/.test(verdict)) return
  throw new HarnessError(`${call}: its task failed: ${verdict.split('\n', 1)[0]}`, {
    exitCode: exitCodes.unavailable,
    hint: `the task's log is on the node: pvenode task log ${upid}`,
  })
}

async function verdictOf(request: Request, clock: Clock, upid: string, signal: AbortSignal): Promise<string> {
  const started = clock.nowMs()
  let stoppedMs: number | null = null
  for (let pause = firstPollMs; clock.nowMs() - started < limitMs; pause = Math.min(pause * 1.3, slowestPollMs)) {
    await clock.sleep(pause, signal)
    const { status, exitstatus } = await statusOf(request, upid, signal)
    if (status === 'running') continue
    if (exitstatus !== undefined && exitstatus !== 'unexpected status') return exitstatus
    stoppedMs ??= clock.nowMs()
    if (clock.nowMs() - stoppedMs > patienceWithVerdictMs) return exitstatus ?? 'it ended without a verdict'
  }
  return `it had not ended after ${limitMs / 1000} s`
}

async function statusOf(request: Request, upid: string, signal: AbortSignal) {
  const node = upid.split(':')[1] ?? ''
  const path = `/nodes/${encodeURIComponent(node)}/tasks/${encodeURIComponent(upid)}/status`
  const { data } = await request({ method: 'GET', path, signal })
  return parseReply(statusSchema, `GET ${path}`, data)
}
