import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentStream } from '../../../../src/probes/agent-stream.ts'
import { paceOf } from '../../accuracy/departures.ts'
import { type Cable, targets } from '../../accuracy/rig/cable.ts'
import { capture } from '../../accuracy/rig/capture.ts'
import { inFolder } from '../../accuracy/rig/folder.ts'
import { departuresOf } from '../../accuracy/rig/paces.ts'
import type { BesideOrder, BesideRow } from '../rows.ts'
import { startEcho } from './sessions.ts'

const agent = fileURLToPath(new URL('../../../../src/probes/agent/main.mjs', import.meta.url))
const everyMs = 10
/** Until all sessions are open, ms. */
const settleMs = 6000

/** Departures of probes every 10 ms while the same agent holds sessions. */
export async function probeBeside(cable: Cable, { sessions, seconds }: BesideOrder): Promise<BesideRow> {
  const echo = startEcho(cable)
  await sleep(500)
  const child = spawn(process.execPath, [agent], { stdio: ['pipe', 'pipe', 'inherit'] })
  const held =
    sessions === 0 ? [] : [stream('held', { kind: 'tcp-session', everyMs: 200, sessions, class: 'sessions' })]
  const probes = stream('probe', { kind: 'udp', everyMs, sessions: 0, class: 'packets' })
  child.stdin.write(`${JSON.stringify({ streams: [probes, ...held] })}\n`)
  let opened = 0
  createInterface({ input: child.stdout }).on('line', (line) => (opened += line.includes('"session-opened"') ? 1 : 0))
  await sleep(settleMs)
  if (opened !== sessions) throw new Error(`${opened} of ${sessions} sessions are open`)
  const departures = await inFolder(async (folder) => {
    const running = await capture(folder)
    await sleep(seconds * 1000)
    return departuresOf(await running.stop(), targets.ours)
  })
  for (const one of [child, echo]) one.kill('SIGKILL')
  await Promise.all([once(child, 'close'), once(echo, 'close')])
  const { sent, missed, deviation } = paceOf(departures, everyMs)
  return { sent, missed, ...deviation }
}

const stream = (name: string, rest: Pick<AgentStream, 'kind' | 'class' | 'everyMs' | 'sessions'>): AgentStream => ({
  name,
  from: 'client',
  to: 'target',
  address: targets.ours,
  port: 7,
  timeoutMs: 2000,
  ...rest,
})
