/** A background job of a node. `exitStatus` is absent while it runs; `OK` is success, anything else the error. */
export type Task = {
  upid: string
  node: string
  /** What stands in the UPID: PID of the worker, its start in clock ticks since boot, and its start in seconds since 1970. */
  pid: number
  pstart: number
  startTime: number
  type: string
  id: string
  user: string
  endTime?: number
  exitStatus?: string
  log: string[]
}

type TaskStart = { node: string; type: string; id: string; user: string }

/** All tasks of a hypervisor, newest first. */
export type Tasks = {
  list: () => readonly Task[]
  find: (upid: string) => Task | undefined
  /**
   * Begins `work` at once and returns its task. As in Proxmox VE a worker looks from time to time, every `pollMs`, whether its
   * work is done, so that the task ends later than the effect.
   */
  begin: (start: TaskStart, pollMs: number, work: () => Promise<void>) => Task
  /** Forgets the timers of unfinished tasks. */
  close: () => void
}

/** Keeps the tasks of a hypervisor. */
export function createTasks(): Tasks {
  const tasks: Task[] = []
  const timers = new Set<NodeJS.Timeout>()
  let nextPid = 0x1000

  const begin = (start: TaskStart, pollMs: number, work: () => Promise<void>): Task => {
    const task = createTask(start, (nextPid += 3))
    tasks.unshift(task)
    let outcome: string | undefined
    work().then(
      () => (outcome = 'OK'),
      (error: unknown) => (outcome = error instanceof Error ? error.message : String(error)),
    )
    const timer = setInterval(() => {
      if (outcome === undefined) return
      clearInterval(timer)
      timers.delete(timer)
      finish(task, outcome)
    }, pollMs)
    timers.add(timer)
    return task
  }
  const close = (): void => timers.forEach((timer) => clearInterval(timer))
  return { list: () => tasks, find: (upid) => tasks.find((task) => task.upid === upid), begin, close }
}

function createTask({ node, type, id, user }: TaskStart, pid: number): Task {
  const pstart = Math.floor(process.uptime() * 100)
  const startTime = Math.floor(Date.now() / 1000)
  const upid = `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(startTime)}:${type}:${id}:${user}:`
  return { upid, node, pid, pstart, startTime, type, id, user, log: [] }
}

function finish(task: Task, outcome: string): void {
  task.exitStatus = outcome
  task.endTime = Math.floor(Date.now() / 1000)
  task.log.push(outcome === 'OK' ? 'TASK OK' : `TASK ERROR: ${outcome}`)
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, '0')
}
