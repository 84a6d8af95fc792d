import { mkdirSync, writeFileSync } from 'node:fs'
import { run } from '../system/run.ts'
import { byLine, startService } from '../system/service.ts'
import type { TunnelAddresses } from './tunnel.ts'

/** A running conntrackd; states of the peer go straight into the kernel's table. */
export type Conntrackd = {
  /** Sends the whole table to the peer; resolves when the last packet has left, with the number of states. */
  sendBulk: () => Promise<void>
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

/** FTFW: acknowledged and repeated on loss, so that what the peer holds is what was sent. */
export function renderConntrackdConfig({ own, peer }: TunnelAddresses, ignored: readonly string[]): string {
  const ignore = ['127.0.0.1', own, peer, ...ignored].map((address) => `IPv4_address ${address}`).join('\n      ')
  return `Sync {
  Mode FTFW {
    DisableExternalCache On
  }
  UDP {
    IPv4_address ${own}
    IPv4_Destination_Address ${peer}
    Port 3780
    Interface pfsync0
    SndSocketBuffer 4194304
    RcvSocketBuffer 4194304
    Checksum on
  }
}
General {
  HashSize 32768
  HashLimit 262144
  LogFile off
  Syslog off
  LockFile /run/lock/conntrackd.lock
  UNIX {
    Path /run/conntrackd.ctl
  }
  NetlinkBufferSize 4194304
  NetlinkBufferSizeMaxGrowth 16777216
  NetlinkOverrunResync On
  Filter From Userspace {
    Protocol Accept {
      TCP
      UDP
      ICMP
    }
    Address Ignore {
      ${ignore}
    }
  }
}
`
}

// -R takes over from the kernel's table what was injected by the peer, -B sends it all.
async function sendBulk(): Promise<void> {
  await control('-R')
  await pause(pollMs)
  await control('-B')
  const deadline = performance.now() + longestBulkMs
  do await pause(pollMs)
  while ((await queuedPackets()) > 0 && performance.now() < deadline)
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
