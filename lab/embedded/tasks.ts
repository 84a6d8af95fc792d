import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultBoard } from './faults/fault-board.ts'

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

/** What begins a task. `takeBack`: what a worker removes that ends with an error before its work was begun. */
type TaskStart = { node: string; type: string; id: string; user: string; takeBack?: () => void }

/** What the work of a task may do: write its log, count warnings, and notice that it was interrupted. */
export type Job = { log: (line: string) => void; warn: (line: string) => void; signal: AbortSignal }

/** All tasks of a hypervisor, newest first. */
export type Tasks = {
  list: () => readonly Task[]
  find: (upid: string) => Task | undefined
  /**
   * Begins `work` at once and returns its task. As in Proxmox VE a worker looks from time to time, every `pollMs`, whether its
   * work is done, so that the task ends later than the effect.
   */
  begin: (start: TaskStart, pollMs: number, work: (job: Job) => Promise<void>) => Task
  /** Interrupts a running task: exit status `received interrupt`. What it has begun goes on where it cannot be stopped. */
  interrupt: (task: Task) => void
  /** Forgets the timers of unfinished tasks. */
  close: () => void
}

/** Keeps the tasks of a hypervisor. */
export function createTasks(faults: Pick<FaultBoard, 'meetTask'> = { meetTask: () => undefined }): Tasks {
  const tasks: Task[] = []
  const timers = new Set<NodeJS.Timeout>()
  const interrupts = new Map<Task, AbortController>()
  let nextPid = 0x1000

  const end = (task: Task, outcome: string | undefined): void => {
    if (task.exitStatus !== undefined) return
    interrupts.delete(task)
    finish(task, outcome)
  }
  const begin: Tasks['begin'] = (start, pollMs, work) => {
    const task = createTask(start, (nextPid += 3))
    const interruption = new AbortController()
    tasks.unshift(task)
    interrupts.set(task, interruption)
    let isDone = false
    let outcome: string | undefined
    const note = (result: string | undefined): void => {
      isDone = true
      outcome = result
    }
    const fault = faults.meetTask(start.type, start.id)
    if (fault?.kind === 'task-ends' && !isSuccess(fault.exitStatus)) start.takeBack?.()
    void run(task, work, fault, interruption.signal).then(note)
    const timer = setInterval(() => {
      if (!isDone && task.exitStatus === undefined) return
      clearInterval(timer)
      timers.delete(timer)
      end(task, outcome)
    }, pollMs)
    timers.add(timer)
    return task
  }
  const interrupt = (task: Task): void => {
    interrupts.get(task)?.abort()
    end(task, 'received interrupt')
  }
  const close = (): void => timers.forEach((timer) => clearInterval(timer))
  return { list: () => tasks, find: (upid) => tasks.find((task) => task.upid === upid), begin, interrupt, close }
}

// The exit status; undefined for a worker that vanished.
async function run(
  task: Task,
  work: (job: Job) => Promise<void>,
  fault: ReturnType<FaultBoard['meetTask']>,
  signal: AbortSignal,
): Promise<string | undefined> {
  let warnings = 0
  const log = (line: string): void => void task.log.push(line)
  const warn = (line: string): void => {
    warnings += 1
    log(`WARN: ${line}`)
  }
  try {
    if (fault?.kind === 'slow-task') await sleep(fault.delayMs, undefined, { signal, ref: false })
    if (fault?.kind === 'task-without-verdict' && !fault.isDone) return undefined
    if (fault?.kind === 'task-ends' && !isSuccess(fault.exitStatus)) return fault.exitStatus
    await work({ log, warn, signal })
    if (fault?.kind === 'task-without-verdict') return undefined
    if (fault?.kind === 'task-ends') return fault.exitStatus
    return warnings === 0 ? 'OK' : `WARNINGS: ${warnings}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function createTask({ node, type, id, user }: TaskStart, pid: number): Task {
  const pstart = Math.floor(process.uptime() * 100)
  const startTime = Math.floor(Date.now() / 1000)
  const upid = `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(startTime)}:${type}:${id}:${user}:`
  return { upid, node, pid, pstart, startTime, type, id, user, log: [] }
}

function finish(task: Task, outcome: string | undefined): void {
  task.exitStatus = outcome ?? 'unexpected status'
  task.endTime = Math.floor(Date.now() / 1000)
  if (outcome === undefined) return
  task.log.push(isSuccess(outcome) ? `TASK ${outcome}` : `TASK ERROR: ${outcome}`)
}

function isSuccess(outcome: string): boolean {
  return /^(OK|WARNINGS: \d+)$/.test(outcome)
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, '0')
}
