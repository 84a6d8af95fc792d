import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { rebootStatus } from '../../images/first-process.ts'
import { programPath } from '../requirements.ts'
import { disksInside, killProcess, type Node } from './node.ts'
import type { Freezer } from './freezer.ts'
import { callAgent, type AgentCall } from './guest-agent.ts'
import {
  attachCommands,
  batch,
  detachCommands,
  linkCommand,
  muteCommand,
  unmuteCommand,
  plugCommands,
  unplugAllCommand,
  unplugCommands,
  type Nic,
} from './nic.ts'

/** What the node needs to know to run a machine; its disk exists already. */
export type MachineSpec = {
  vmid: number
  hostName: string
  nics: readonly Nic[]
  /** Runs among the node's own network devices: the node's shell, not a VM. */
  sharesNetwork?: boolean
}

/** A running machine: the first process of its own network, mount, PID, UTS and IPC namespaces. */
export type RunningMachine = {
  /** Its first process as the host sees it. */
  pid: number
  startedAtMs: number
  /** Resolves when no process and no tap of the machine is left, for whatever reason; true if it wants to start again. */
  ended: Promise<boolean>
  /** Power cut: SIGKILL to the first process and all taps deleted at once. Resolves when all is gone. */
  cut: () => Promise<void>
  /** Asks the first process to power off. Whether it obeys is its affair. */
  pressButton: () => void
  /** Stops all processes and lets no frame in or out; carriers stay. */
  freeze: () => Promise<void>
  thaw: () => Promise<void>
  plug: (nic: Nic) => Promise<void>
  unplug: (nic: Nic) => Promise<void>
  /** Takes the tap out of its bridge, or puts it into the one that the NIC names. */
  detach: (nic: Nic) => Promise<void>
  attach: (nic: Nic) => Promise<void>
  setLink: (index: number, isUp: boolean) => Promise<void>
  callAgent: (request: string) => AgentCall
  /** The last lines that the first process printed. */
  consoleLines: () => readonly string[]
}

/** Starts a machine on a node from its disk. Rejects when it cannot be started; nothing is left then. */
export async function startMachine(node: Node, freezer: Freezer, spec: MachineSpec): Promise<RunningMachine> {
  const { vmid } = spec
  const kinds = spec.sharesNetwork ? own : ['--net', ...own]
  const args = [...enterNode(node), 'unshare', ...kinds, 'sh', '-c', setUp, spec.hostName, String(vmid)]
  const child = spawn('nsenter', args, { detached: true, env: { PATH: programPath } })
  const unplug = (): Promise<string> => node.run(`${unplugAllCommand(vmid)}; ${unmuteCommand(vmid)}`).catch(() => '')
  const output = readOutput(child)
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve)).then(async (status) => {
    await unplug()
    return status === rebootStatus
  })
  let pid = 0
  try {
    const [outside, pidInNode] = await output.pids
    pid = outside
    const release = await node.adopt(pid)
    void ended.then(release)
    await node.run(batch(spec.nics.flatMap((nic) => plugCommands(vmid, pidInNode, nic))))
    child.stdin.write('go\n')
    await output.booting
    const cut = async (): Promise<void> => {
      killProcess(pid)
      await unplug()
      await freezer.release(String(vmid))
      await ended
    }
    const identity = { pid, startedAtMs: Date.now(), ended, cut, consoleLines: () => output.lines }
    return { ...identity, ...controls(node, freezer, spec, { pid, pidInNode }) }
  } catch (error) {
    child.stdin.end()
    if (pid > 0) killProcess(pid)
    await ended
    throw new Error(`machine ${spec.hostName} did not start: ${output.lines.slice(-3).join(' / ')}`, { cause: error })
  }
}

type Controls = Omit<RunningMachine, 'pid' | 'startedAtMs' | 'ended' | 'cut' | 'consoleLines'>

function controls(node: Node, freezer: Freezer, spec: MachineSpec, pids: { pid: number; pidInNode: number }): Controls {
  const { vmid } = spec
  const plugged = new Set(spec.nics.map(({ index }) => index))
  const ip = async (commands: readonly string[]): Promise<void> => void (await node.run(batch(commands)))
  let isMuted = false
  const mute = (): Promise<string> => node.run(isMuted ? muteCommand(vmid, [...plugged]) : unmuteCommand(vmid))
  return {
    pressButton: () => void process.kill(pids.pid, 'SIGTERM'),
    freeze: async () => {
      isMuted = true
      await mute()
      await freezer.freeze(String(vmid), () => node.membersWith(pids.pid))
    },
    thaw: async () => {
      await freezer.thaw(String(vmid))
      isMuted = false
      await mute()
    },
    plug: async (nic) => {
      await ip(plugCommands(vmid, pids.pidInNode, nic))
      plugged.add(nic.index)
      if (isMuted) await mute()
    },
    unplug: async (nic) => {
      plugged.delete(nic.index)
      await ip(unplugCommands(vmid, nic))
    },
    detach: (nic) => ip(detachCommands(vmid, nic)),
    attach: (nic) => ip(attachCommands(vmid, nic)),
    setLink: (index, isUp) => ip([linkCommand(vmid, index, isUp)]),
    callAgent: (request) => callAgent(pids.pid, request),
  }
}

function enterNode(node: Node): string[] {
  return ['--target', String(node.pid), '--mount', '--net', '--uts', '--ipc', '--pid', '--']
}

const own = ['--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child']

// Only what a server daemon needs is kept: no SYS_ADMIN, so that the read-only mounts stay so, and none that reach the host's
// clock, kernel, devices or files.
const capabilities = `
  chown dac_override fowner fsetid kill setgid setuid setpcap setfcap net_bind_service net_broadcast net_admin net_raw
  ipc_lock ipc_owner sys_chroot sys_nice audit_write
`
  .trim()
  .split(/\s+/)

const environment =
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/firedrill/bin HOME=/root LANG=C.UTF-8'

// $0 is the machine's name, $1 its VMID. The first line printed tells our PID outside and in the node; then the mounts are
// made while the node plugs in the NICs, and "go" says that both may start.
const setUp = `
set -e
read -r inside rest < /proc/self/stat
read -r outside rest < /run/host-proc/self/stat
echo "pid $outside $inside"
hostname "$0"
mount --all --fstab ${disksInside}/$1/fstab
cp -R ${disksInside}/$1/run/. ${disksInside}/$1/root/run/
cd ${disksInside}/$1/root
pivot_root . mnt
umount -l mnt
mkdir -p /run/lock /run/sshd
ip link set lo up
read -r go
echo booting
ulimit -n "$(ulimit -Hn)"
exec env -i ${environment} setpriv --bounding-set=-all,${capabilities.map((name) => `+${name}`).join(',')} --inh-caps=-all sh /etc/firedrill/boot < /dev/null
`

type Output = { pids: Promise<[number, number]>; booting: Promise<void>; lines: string[] }

function readOutput(child: ChildProcessWithoutNullStreams): Output {
  const lines: string[] = []
  const pids = Promise.withResolvers<[number, number]>()
  const booting = Promise.withResolvers<void>()
  const note = (line: string): void => {
    const [word, outside, inside] = line.split(' ')
    if (word === 'pid') return pids.resolve([Number(outside), Number(inside)])
    if (line === 'booting') return booting.resolve()
    lines.push(line)
    if (lines.length > 200) lines.shift()
  }
  createInterface(child.stdout).on('line', note)
  createInterface(child.stderr).on('line', note)
  child.stdin.on('error', () => {})
  const fail = (): void => {
    const error = new Error('its first process ended')
    pids.reject(error)
    booting.reject(error)
  }
  child.on('error', fail)
  child.on('close', fail)
  booting.promise.catch(() => {})
  return { pids: pids.promise, booting: booting.promise, lines }
}
