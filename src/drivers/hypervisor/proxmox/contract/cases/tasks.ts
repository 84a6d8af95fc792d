import { z } from 'zod'
import type { Bench } from '../bench.ts'
import type { Case } from '../case.ts'
import { dataOf, expectSame, expectText, expectThat, outcomeOf } from '../expectation.ts'
import { ensureStopped, looseNumber, pathOf } from '../own-vm.ts'

/** Tasks: found by VM and time, read by their whole identifier. */
export const tasks: readonly Case[] = [
  {
    name: 'a task is found by its VM, and its identifier survives the path',
    needs: [],
    endpoints: ['GET /nodes/{node}/tasks', 'GET /nodes/{node}/tasks/{upid}/status'],
    run: async (bench) => {
      const upid = await stopTask(bench)
      const since = Math.floor(Date.now() / 1000) - 3600
      const parameters = { source: 'all', vmid: bench.vmids.main, since, limit: 50 }
      const found = dataOf('tasks', taskList, await bench.call('GET', `/nodes/${bench.node}/tasks`, parameters))
      expectThat(
        'expected the task in the list',
        found.some((task) => task.upid === upid),
      )
      const status = dataOf('status', statusSchema, await bench.call('GET', taskPath(bench, upid, '/status')))
      expectSame('status', { upid, status: 'stopped', exitstatus: 'OK', type: 'qmstop' }, status)
    },
  },
  {
    name: 'the log of a task is paged and ends with its verdict',
    needs: [],
    endpoints: ['GET /nodes/{node}/tasks/{upid}/log'],
    run: async (bench) => {
      const upid = await stopTask(bench)
      const all = dataOf('log', logSchema, await bench.call('GET', taskPath(bench, upid, '/log'), { limit: 0 }))
      expectText('last line', /^TASK OK$/, all.at(-1)?.t ?? 'nothing')
      const page = { start: all.length - 1, limit: 1 }
      const last = dataOf('log', logSchema, await bench.call('GET', taskPath(bench, upid, '/log'), page))
      expectSame('last page', all.slice(-1), last)
    },
  },
]

const taskPath = ({ node }: Bench, upid: string, below: string) =>
  `/nodes/${node}/tasks/${encodeURIComponent(upid)}${below}`

/** Stopping a VM that is off is a task of its own, and harmless. */
async function stopTask(bench: Bench): Promise<string> {
  await ensureStopped(bench)
  const answer = await bench.call('POST', pathOf(bench, 'main', '/status/stop'))
  expectSame('stop', 'OK', await outcomeOf(bench.call, bench.signal, answer))
  return dataOf('stop', upidSchema, answer)
}

const upidSchema = z.string().regex(/^UPID:[^:]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:]+:[^:]*:[^:]+:$/)
const taskList = z.array(z.looseObject({ upid: z.string() }))
const statusSchema = z.object({ upid: z.string(), status: z.string(), exitstatus: z.string(), type: z.string() })
const logSchema = z.array(z.object({ n: looseNumber, t: z.string() }))
