import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const kinds = ['net', 'mnt', 'pid'] as const

/** The namespaces that a process is in, like `net:[4026532001]`; empty when it has ended. */
export async function namespacesOf(pid: number | string): Promise<string[]> {
  const links = await Promise.all(kinds.map((kind) => readlink(`/proc/${pid}/ns/${kind}`).catch(() => '')))
  return links.filter((link) => link !== '')
}

/** A process that cannot be mistaken for a later one with its PID. */
export type Member = { pid: number; startTicks: string }

/** The processes that are in one of the namespaces now. Ask while the namespaces exist: the kernel gives their numbers again. */
export async function membersOf(namespaces: ReadonlySet<string>): Promise<Member[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const isInside = (await namespacesOf(pid)).some((each) => namespaces.has(each))
      return isInside ? [{ pid, startTicks: await startOf(pid) }] : []
    }),
  )
  return found.flat()
}

/**
 * Those of the processes that still live after at most `patienceMs`. A namespace without a process is gone with all its
 * mounts and links, because nothing of the lab is ever bound to a file.
 */
export async function findLeftovers(members: readonly Member[], patienceMs = 2000): Promise<number[]> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const starts = await Promise.all(members.map(({ pid }) => startOf(pid)))
    const left = members.filter(({ startTicks }, index) => startTicks !== '' && starts[index] === startTicks)
    if (left.length === 0 || performance.now() > deadline) return left.map(({ pid }) => pid)
    await sleep(20)
  }
}

// Field 22 of stat, counted behind the command's name, which may hold blanks; empty for a process that has ended.
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
