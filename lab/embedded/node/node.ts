import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../lab-error.ts'
import { programPath } from '../requirements.ts'
import { findLeftovers, membersOf, namespacesOf } from './leftovers.ts'
import { spawn, type ChildProcess } from 'node:child_process'

/** A hypervisor node: a process that holds the namespaces in which bridges, taps, disks and machines live. */
export type Node = {
  name: string
  /** PID of the node's first process as the host sees it; the namespaces are entered through it. */
  pid: number
  /** The node's private tmpfs, as a path that the lab server can write to. */
  disks: string
  /** Resolves when the node has ended, wanted or not. */
  ended: Promise<void>
  /** Runs one line of shell inside the node, one at a time; its output, or an Error with it when it fails. */
  run: (line: string) => Promise<string>
  /** The processes that are in one of the namespaces of a process. */
  membersWith: (pid: number) => Promise<number[]>
  /** Notes that a machine has begun with namespaces of its own, so that `close` can prove that they are gone; undone by the result. */
  adopt: (pid: number) => Promise<() => void>
  /** Ends the node and with it every process, mount and namespace inside. Resolves when all are gone, rejects with what is not. */
  close: () => Promise<void>
}

/** Where machine disks live as the node sees them: a tmpfs over /run, which no other namespace has. */
export const disksInside = '/run/firedrill'

/** Starts a node. The node ends by itself when this process ends, however that happens: its first process reads our pipe. */
export async function startNode(name: string): Promise<Node> {
  const flags = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child']
  const holder = spawn('unshare', [...flags, 'sh', '-c', firstProcess, 'firedrill-node', name], {
    detached: true,
    env: { PATH: programPath },
  })
  const ended = new Promise<void>((resolve) => void holder.on('close', () => resolve()).on('error', () => resolve()))
  const answers = readAnswers(holder)
  const pid = Number((await answers.next()).trim())
  const run = serialize(async (line: string) => {
    holder.stdin.write(`${line}\n`)
    return answers.next()
  })
  const namespaces = new Set<string>()
  const adopt = async (newcomer: number): Promise<() => void> => {
    const own = await namespacesOf(newcomer)
    for (const each of own) namespaces.add(each)
    return () => own.forEach((each) => namespaces.delete(each))
  }
  await adopt(pid)
  const membersWith = async (first: number): Promise<number[]> => {
    const members = await membersOf(new Set(await namespacesOf(first)))
    return members.map((member) => member.pid)
  }
  const close = async (): Promise<void> => {
    const members = await membersOf(namespaces)
    killProcess(pid)
    holder.stdin.end()
    await Promise.race([ended, sleep(5000, undefined, { ref: false })])
    const left = await findLeftovers(members)
    if (left.length > 0) throw new LabError(`processes are left: ${left.join(' ')}`, `kill -9 ${left.join(' ')}`, 75)
  }
  return { name, pid, disks: `/proc/${pid}/root${disksInside}`, ended, run, membersWith, adopt, close }
}

// The host's /proc stays reachable under another name so that a machine can tell its own PID outside.
const firstProcess = `
set -e
read -r pid rest < /proc/self/stat
mount --make-rprivate /
hostname "$1"
mount -t tmpfs -o mode=711 firedrill /run
mkdir /run/host-proc ${disksInside} ${disksInside}/dev ${disksInside}/dev/net ${disksInside}/dev/pts ${disksInside}/dev/shm
mount --bind /proc /run/host-proc
mount -t proc proc /proc
cd ${disksInside}
mkdir empty; : > empty-file
mknod -m 666 dev/null c 1 3; mknod -m 666 dev/zero c 1 5; mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8; mknod -m 666 dev/urandom c 1 9; mknod -m 666 dev/tty c 5 0
mknod -m 600 dev/net/tun c 10 200
ln -s pts/ptmx dev/ptmx; ln -s /run/log dev/log
ln -s /proc/self/fd dev/fd; ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
cd /
echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null || :
echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || :
ip link set lo up
set +e
printf '%s\\n0\\0' "$pid"
while IFS= read -r line; do eval "$line" 2>&1; printf '\\n%s\\0' "$?"; done
`

// Every answer ends in the exit status and a NUL byte.
function readAnswers(holder: ChildProcess): { next: () => Promise<string> } {
  const waiting: { resolve: (text: string) => void; reject: (error: Error) => void }[] = []
  const queued: string[] = []
  let gone: Error | undefined
  let text = ''
  let complaint = ''
  const settle = (answer: string): void => {
    const reader = waiting.shift()
    if (!reader) return void queued.push(answer)
    const cut = answer.lastIndexOf('\n')
    const output = answer.slice(0, cut)
    if (answer.slice(cut + 1) === '0') reader.resolve(output)
    else reader.reject(new Error(`command inside the node failed: ${output.trim()}`))
  }
  holder.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (text + chunk).split('\0')
    text = parts.pop() ?? ''
    parts.forEach(settle)
  })
  holder.stderr?.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk))
  holder.stdin?.on('error', () => {})
  const fail = (reason: string): void => {
    gone = new Error(`the node ended: ${complaint.trim() || reason}`)
    for (const reader of waiting.splice(0)) reader.reject(gone)
  }
  holder.on('error', (error) => fail(error.message))
  holder.on('close', (code, signal) => fail(signal ?? `exit status ${code}`))
  const next = (): Promise<string> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone)
      waiting.push({ resolve, reject })
      const answer = queued.shift()
      if (answer !== undefined) settle(answer)
    })
  return { next }
}

/** SIGKILL; nothing happens when the process has ended. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}

function serialize<Input, Output>(action: (input: Input) => Promise<Output>): (input: Input) => Promise<Output> {
  let last: Promise<unknown> = Promise.resolve()
  return (input) => {
    const result = last.then(() => action(input))
    last = result.catch(() => {})
    return result
  }
}
