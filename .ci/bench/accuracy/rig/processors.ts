import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Standstill } from '../standstill.ts'

const watch = fileURLToPath(new URL('standstill-watch.ts', import.meta.url))
const standstillsSchema = z.array(z.tuple([z.number(), z.number()]))

/**
 * Watches every processor of this machine from now on; `stop` tells when one of them stood still, ms on the monotonic clock. Where nobody may go
 * before everyone else, nothing is told, so that nothing is excused.
 */
export function watchProcessors(): { stop(): Promise<Standstill[]> } {
  const watchers = Array.from({ length: availableParallelism() }, (_, processor) => watchOne(processor))
  return { stop: async () => (await Promise.all(watchers.map(endOf))).flat() }
}

const watchOne = (processor: number): ChildProcess =>
  spawn('taskset', ['--cpu-list', String(processor), 'chrt', '--fifo', '99', process.execPath, watch], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })

async function endOf(watcher: ChildProcess): Promise<Standstill[]> {
  let text = ''
  watcher.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  watcher.stdin?.end()
  await once(watcher, 'close')
  return text === '' ? [] : standstillsSchema.parse(JSON.parse(text))
}
