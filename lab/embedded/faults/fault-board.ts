import type { Fault } from './fault.ts'

/** What happens to a call. */
export type CallFault = Extract<Fault, { kind: 'lost-reply' | 'status' | 'garbled-reply' }>
type TaskFault = Extract<Fault, { kind: 'slow-task' | 'task-without-verdict' | 'task-ends' }>

/** The switches by which tests break the hypervisor. All are off at first. */
export type FaultBoard = {
  list: () => readonly (Fault & { id: number; hits: number })[]
  /** Turns a switch on; the result is its number. */
  add: (fault: Fault) => number
  /** Turns one switch off, or all. */
  clear: (id?: number) => void
  has: (kind: Fault['kind']) => boolean
  /** What is wrong with a node, and how long a call to it takes to find out. */
  nodeState: (name: string) => 'up' | 'down' | 'frozen'
  nodeDelayMs: (name: string) => number
  failsReload: (node: string) => boolean
  /** The fault that this call meets, counted as one of its calls. */
  meetCall: (method: string, path: string) => CallFault | undefined
  meetTask: (type: string, id: string) => TaskFault | undefined
}

type Switch = { id: number; fault: Fault; seen: number; hits: number }

/** A board with all switches off. */
export function createFaultBoard(): FaultBoard {
  const switches: Switch[] = []
  let nextId = 1
  const meet = meeting(switches)
  const ofNode = (name: string) =>
    switches.map(({ fault }) => fault).find((fault) => isOfNode(fault) && fault.node === name)
  return {
    list: () => switches.map(({ id, fault, hits }) => ({ ...fault, id, hits })),
    add: (fault) => {
      switches.push({ id: nextId, fault, seen: 0, hits: 0 })
      return nextId++
    },
    clear: (id) => {
      const kept = id === undefined ? [] : switches.filter((each) => each.id !== id)
      switches.splice(0, switches.length, ...kept)
    },
    has: (kind) => switches.some(({ fault }) => fault.kind === kind),
    nodeState: (name) => {
      const kind = ofNode(name)?.kind
      return kind === 'node-down' ? 'down' : kind === 'node-frozen' ? 'frozen' : 'up'
    },
    nodeDelayMs: (name) => {
      const fault = ofNode(name)
      return fault && isOfNode(fault) ? fault.delayMs : 0
    },
    failsReload: (node) => switches.some(({ fault }) => fault.kind === 'reload-fails' && fault.node === node),
    meetCall: (method, path) =>
      meet(
        (fault): fault is CallFault =>
          isOfCalls(fault) && (fault.method ?? method) === method && new RegExp(fault.path).test(path),
        (fault) => fault,
      ),
    meetTask: (type, id) =>
      meet(
        (fault): fault is TaskFault =>
          isOfTasks(fault) && (fault.type ?? type) === type && (fault.vmid === undefined || String(fault.vmid) === id),
        (fault) => fault,
      ),
  }
}

// The first switch that fits and whose turn it is. All that fit count the call.
function meeting(switches: readonly Switch[]) {
  return <Kind extends Fault>(fits: (fault: Fault) => fault is Kind, counts: (fault: Kind) => Counts) => {
    for (const each of switches) {
      const { fault } = each
      if (!fits(fault)) continue
      const { nth, times } = counts(fault)
      each.seen += 1
      if (each.seen < nth || (times > 0 && each.hits >= times)) continue
      each.hits += 1
      return fault
    }
    return undefined
  }
}

type Counts = { nth: number; times: number }

function isOfCalls(fault: Fault): fault is CallFault {
  return ['lost-reply', 'status', 'garbled-reply'].includes(fault.kind)
}

function isOfTasks(fault: Fault): fault is TaskFault {
  return ['slow-task', 'task-without-verdict', 'task-ends'].includes(fault.kind)
}

function isOfNode(fault: Fault): fault is Extract<Fault, { kind: 'node-down' | 'node-frozen' }> {
  return fault.kind === 'node-down' || fault.kind === 'node-frozen'
}
