import type { FaultCall, FaultCalls } from '../model/fault-call.ts'
import type { PlannedStep } from '../model/plan.ts'

/** Where the machines of a plan are, as far as that is known before anything is made. */
export interface VmPlaces {
  /** The node that everything is asked of first. */
  node: string
  vms: Readonly<Record<string, { node: string; vmid: number }>>
  /** True where VMIDs are declared; otherwise a machine is looked up by its name before each use. */
  isDeclared: boolean
  /** The machines that a role may mean. */
  roles: Readonly<Record<string, readonly string[]>>
}

/** The calls of one step as lines: what is asked before its undo is written, what the step does, and how it is proved. */
export interface StepCallLines {
  before: string[]
  act: string[]
  proof: string[]
}

/** Tells the calls of a step; roles stay placeholders, since they are resolved when the step begins. */
export function stepCallLines({ action }: PlannedStep, calls: FaultCalls, places: VmPlaces): StepCallLines {
  const lines = (of: readonly FaultCall[] = []) => of.flatMap((call) => callLines(call, places))
  if (action === 'heal') return { before: [], act: lines(calls.heal), proof: lines(calls.verifyHealed) }
  return { before: lines(calls.prepare), act: lines(calls.begin), proof: lines(calls.verifyBegun) }
}

/** `GET /nodes/pve1/qemu/9101/status/current # does fw1 run?`, after the look-up of its VMID. */
export const stateLines = (machine: string, places: VmPlaces): string[] => callLines({ ask: 'state', machine }, places)

/** The path of a machine's VM, `/nodes/pve1/qemu/9101`; what is not known yet is in braces. */
export function vmPath(machine: string, { node, vms, roles }: VmPlaces): string {
  const able = (roles[machine] ?? [machine]).map((name) => vms[name])
  const nodes = new Set(able.map((vm) => vm?.node ?? node))
  const [only = '', other] = nodes
  const [vm, ...others] = able
  const vmid = vm !== undefined && others.length === 0 ? String(vm.vmid) : `{vmid of ${machine}}`
  return `/nodes/${other === undefined ? only : `{node of ${machine}}`}/qemu/${vmid}`
}

function callLines(call: FaultCall, places: VmPlaces): string[] {
  const { machine } = call
  if (call.ask === 'command') return [`SSH ${machine} ${call.command}`]
  if (call.ask === 'node') return [`SSH the node of ${machine}: ${call.command}`]
  if (call.ask === 'ha-state') return [`SSH ${machine} # its CARP state`]
  const lookUp = places.isDeclared ? [] : [`GET /nodes/${places.node}/qemu # VMID of ${machine} by its name`]
  return [...lookUp, ...vmLines(call, vmPath(machine, places))]
}

type VmCall = Exclude<FaultCall, { ask: 'command' | 'ha-state' | 'node' }>

function vmLines(call: VmCall, vm: string): string[] {
  const { machine } = call
  if (call.ask === 'state') return [`GET ${vm}/status/current # does ${machine} run?`]
  if (call.ask === 'stop' || call.ask === 'start') {
    const why = call.ask === 'stop' ? `cut the power of ${machine}` : `start ${machine}, unless it runs`
    const node = vm.slice(0, vm.indexOf('/qemu/'))
    return [`POST ${vm}/status/${call.ask} # ${why}`, `GET ${node}/tasks/{upid}/status # until its task has ended`]
  }
  if (call.ask === 'power') {
    const node = vm.slice(0, vm.indexOf('/qemu/'))
    return [
      `POST ${vm}/status/${call.verb} # ${call.verb} ${machine}`,
      `GET ${node}/tasks/{upid}/status # until its task has ended`,
    ]
  }
  const key = `net${call.nic ?? '{n}'}`
  const read = `GET ${vm}/config current=1 # ${key} of ${machine} as it runs`
  if (call.ask === 'read-nic') return [read]
  const write = `PUT ${vm}/config ${key}={as it is, ${call.change}} digest={digest} # ${machine}`
  return [read, write, `GET ${vm}/pending # did ${key} take it over at once?`]
}
