import { readdir, readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const kinds = ['net', 'mnt', 'pid'] as const

/** The namespaces that a process is in, like `net:[4026532001]`; empty when it has ended. */
export async function namespacesOf(pid: number | string): Promise<string[]> {
  const links = await Promise.all(kinds.map((kind) => readlink(`/proc/${pid}/ns/${kind}`).catch(() => '')))
  return links.filter((link) => link !== '')
}

/**
 * PIDs that are still in one of the namespaces after at most `patienceMs`. A namespace without a process is gone with all
 * its mounts and links, because nothing of the lab is ever bound to a file.
 */
export async function findLeftovers(namespaces: ReadonlySet<string>, patienceMs = 2000): Promise<number[]> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const found = await processesIn(namespaces)
    if (found.length === 0 || performance.now() > deadline) return found
    await sleep(20)
  }
}

async function processesIn(namespaces: ReadonlySet<string>): Promise<number[]> {
  const entries = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const found = await Promise.all(
    entries.map(async (entry) =>
      (await namespacesOf(entry)).some((each) => namespaces.has(each)) ? [Number(entry)] : [],
    ),
  )
  return found.flat()
}
