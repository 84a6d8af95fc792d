import { readFileSync, readdirSync } from 'node:fs'

/** The processor time, ms, that a process, all its threads and all its children that live have used. 0 where it is gone. */
export function processorMs(pid: number): number {
  return [pid, ...descendantsOf(pid)].reduce((total, one) => total + ownMs(one), 0)
}

function ownMs(pid: number): number {
  const threads = entries(`/proc/${pid}/task`)
  return threads.reduce(
    (total, thread) => total + Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] ?? 0) / 1e6,
    0,
  )
}

function descendantsOf(pid: number): number[] {
  const parents = entries('/proc').flatMap((name) => {
    const parent = /\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1]
    return parent === undefined || !/^\d+$/.test(name) ? [] : [{ pid: Number(name), parent: Number(parent) }]
  })
  const below = (one: number): number[] =>
    parents.flatMap(({ pid: child, parent }) => (parent === one ? [child, ...below(child)] : []))
  return below(pid)
}

/** Resident memory, bytes. */
export const residentBytes = (pid: number): number =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // it is gone
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // it is gone
  }
}
