import { mkdirSync, writeFileSync } from 'node:fs'
import { run } from '../system/run.ts'
import { byLine, startService } from '../system/service.ts'
import { renderConntrackdConfig } from './conntrackd-config.ts'
import type { TunnelAddresses } from './tunnel.ts'

/** A running conntrackd; states of the peer go straight into the kernel's table. */
export type Conntrackd = {
  /** Sends the whole table to the peer; resolves when the last packet has left, with the number of states. */
  sendBulk: () => Promise<number>
}

const configFile = '/run/conntrackd.conf'
const pollMs = 20
const longestBulkMs = 30_000

/** Starts conntrackd over pfsync0 and resolves when it answers. `ignored` are this node's own addresses. */
export async function startConntrackd(
  addresses: TunnelAddresses,
  ignored: readonly string[],
  onLine: (line: string) => void,
): Promise<Conntrackd> {
  mkdirSync('/run/lock', { recursive: true })
  writeFileSync(configFile, renderConntrackdConfig(addresses, ignored))
  startService({ command: 'conntrackd', args: ['-C', configFile], onOutput: byLine(onLine), onLine })
  while ((await control('-s')).status !== 0) await pause(pollMs)
  return { sendBulk }
}

// -R takes over from the kernel's table what was injected by the peer, -B sends it all.
async function sendBulk(): Promise<number> {
  await control('-R')
  await pause(pollMs)
  await control('-B')
  const deadline = performance.now() + longestBulkMs
  do await pause(pollMs)
  while ((await queuedPackets()) > 0 && performance.now() < deadline)
  return sentStates()
}

async function sentStates(): Promise<number> {
  const { output } = await control('-s')
  return Number(/cache internal:\s+current active connections:\s+(\d+)/.exec(output)?.[1] ?? 0)
}

async function queuedPackets(): Promise<number> {
  const { output } = await control('-s', 'queue')
  return Number(/queue txqueue:\s+current elements:\s+(\d+)/.exec(output)?.[1] ?? 0)
}

function control(...args: string[]): Promise<{ status: number; output: string }> {
  return run('conntrackd', ['-C', configFile, ...args])
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
