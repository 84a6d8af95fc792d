import { type ChildProcess, type StdioOptions, execFileSync, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** This end and the other one. The prober has a target of its own, each other tool too, so that a capture tells them apart. */
export const near = { device: 'near', address: '192.0.2.1' } as const
export const far = { device: 'far', address: '192.0.2.2' } as const
export const targets = { ours: far.address, fping: '192.0.2.3', ping: '192.0.2.4', irtt: '192.0.2.5' } as const

const udpReflector = fileURLToPath(new URL('../../../../lab/images/udp-reflector.ts', import.meta.url))

/** The namespace at the other end of the cable; this process is at the near one. */
export interface Cable {
  /** Runs a shell command there; its standard output. */
  run(command: string, input?: string): string
  /** Starts a program there, which ends with the rig. */
  start(program: string, args: readonly string[], stdio?: StdioOptions): ChildProcess
}

/** Joins this process's network namespace by a cable with a new one, in which the reflector answers. */
export async function layCable(): Promise<Cable> {
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' })
  const { pid } = holder
  if (pid === undefined) throw new Error('unshare does not start')
  await sleep(200)
  const enter = ['-t', String(pid), '-n']
  const cable: Cable = {
    run: (command, input = '') =>
      execFileSync('nsenter', [...enter, 'sh', '-ec', command], {
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    start: (program, args, stdio = ['ignore', 'ignore', 'inherit']) =>
      spawn('nsenter', [...enter, program, ...args], { stdio }),
  }
  const quiet = 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1'
  execFileSync('sh', [
    '-ec',
    `${quiet}; ip link set lo up; ip link add ${near.device} type veth peer name ${far.device} netns ${pid}`,
  ])
  const addresses = Object.values(targets).map((address) => `ip addr add ${address}/24 dev ${far.device}`)
  cable.run([quiet, 'ip link set lo up', ...addresses, `ip link set ${far.device} up`].join('; '))
  execFileSync('sh', ['-ec', `ip addr add ${near.address}/24 dev ${near.device}; ip link set ${near.device} up`])
  cable.start(process.execPath, [udpReflector])
  await sleep(500)
  return cable
}
