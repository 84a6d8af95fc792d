import { LiveTraffic } from '../analysis/live.ts'
import { vmStop } from '../faults/vm-stop.ts'
import type { Event, Fact } from '../model/event.ts'
import type { HaState } from '../model/ha-state.ts'
import { powerOffPlan } from './power-off-plan.fixture.ts'
import { sentence } from './event-words.fixture.ts'
import type { DrillEnd } from './run-drill.ts'
import { runDrill } from './run-drill.ts'
import { virtualClock } from './virtual-clock.fixture.ts'
import type { VirtualClock } from './virtual-clock.fixture.ts'

interface Behaviour {
  preempt: boolean
  master: string
  demotion: number
  lossBeforeFault: boolean
  stopDoesNothing: boolean
  stopLosesReply: boolean
  startFails: boolean
}

/** A pair of firewalls, a client and a target in virtual time: the backup takes over 3 s after the master's power is cut. */
export function fakeLab(change: Partial<Behaviour> = {}) {
  const behaviour: Behaviour = {
    preempt: true,
    master: 'fw1',
    demotion: 0,
    lossBeforeFault: false,
    stopDoesNothing: false,
    stopLosesReply: false,
    startFails: false,
    ...change,
  }
  const clock = virtualClock()
  const events: Event[] = []
  const traffic = new LiveTraffic()
  const calls: string[] = []
  const running = new Set(['fw1', 'fw2', 'client', 'target'])
  const record = (fact: Fact): Event => {
    const event: Event = { ...fact, atMs: clock.nowMs() }
    events.push(event)
    traffic.note(event)
    return event
  }
  const world = { behaviour, clock, calls, running, record, masterSinceMs: 0, master: behaviour.master }
  const drill = {
    plan: powerOffPlan(behaviour),
    label: 'two',
    faults: { 'vm-stop': vmStop },
    recorder: { record, events },
    traffic,
    clock,
    ...portsOf(world),
  }
  const run = async ({ interruptAtMs }: { interruptAtMs?: number } = {}): Promise<DrillEnd> => {
    const interruption = new AbortController()
    if (interruptAtMs !== undefined)
      void clock.sleep(interruptAtMs, new AbortController().signal).then(() => interruption.abort(new Error('Ctrl-C')))
    return clock.runUntil(runDrill(drill, interruption.signal), 600_000)
  }
  return { drill, calls, running, events, run, said: () => events.flatMap(sentence) }
}

type World = {
  behaviour: Behaviour
  clock: VirtualClock
  calls: string[]
  running: Set<string>
  record: (fact: Fact) => Event
  master: string
  masterSinceMs: number
}

function portsOf(world: World) {
  const { calls, clock, behaviour, running } = world
  const never = new AbortController().signal
  const command = async (call: string, effect: () => void) => {
    const sentMs = clock.nowMs()
    calls.push(call)
    await clock.sleep(20, never)
    effect()
    return { sentMs, ackedMs: clock.nowMs() }
  }
  return {
    hypervisor: {
      version: () => Promise.resolve('fake'),
      powerState: (machine: string) =>
        Promise.resolve(running.has(machine) ? ('running' as const) : ('stopped' as const)),
      stop: (machine: string) =>
        command(`stop ${machine}`, () => {
          if (!behaviour.stopDoesNothing) powerOff(world, machine)
          if (behaviour.stopLosesReply) throw new Error('socket closed before the reply')
        }),
      start: (machine: string) =>
        command(`start ${machine}`, () => {
          if (behaviour.startFails) throw new Error('start refused')
          running.add(machine)
          if (behaviour.preempt && machine === 'fw1') takeOver(world, 'fw1', 2000)
        }),
    },
    nics: {
      readNic: () => Promise.reject(new Error('no NIC is looked at here')),
      writeNic: () => Promise.reject(new Error('no NIC is changed here')),
    },
    shell: { run: () => Promise.reject(new Error('no command is run here')) },
    firewallVia: () => {
      throw new Error('no firewall is asked to do anything here')
    },
    haReader: {
      read: (node: string) =>
        running.has(node) ? Promise.resolve(stateOf(world, node)) : Promise.reject(new Error('connection refused')),
    },
    versions: { version: () => Promise.resolve('fake 1') },
    startVantage: (_: unknown, signal: AbortSignal) => startTraffic(world, signal),
    journal: { plan: () => void calls.push('journal planned'), done: () => void calls.push('journal done') },
  }
}

function powerOff(world: World, machine: string): void {
  world.running.delete(machine)
  if (machine === world.master) takeOver(world, machine === 'fw1' ? 'fw2' : 'fw1', 3000)
}

function takeOver(world: World, node: string, afterMs: number): void {
  world.master = node
  world.masterSinceMs = world.clock.nowMs() + afterMs
}

function stateOf({ behaviour, clock, master, masterSinceMs }: World, node: string): HaState {
  const isMaster = node === master && clock.nowMs() >= masterSinceMs
  return {
    vhids: [
      { vhid: 1, nic: 'vtnet1', state: isMaster ? 'MASTER' : 'BACKUP', advbase: 1, advskew: node === 'fw1' ? 0 : 100 },
    ],
    demotion: behaviour.demotion,
    allow: true,
    preempt: behaviour.preempt,
    syncOk: true,
    maintenance: false,
    problem: null,
  }
}

/** One ping stream every 200 ms that gets through while a running node is master. */
async function startTraffic(world: World, signal: AbortSignal) {
  const { clock, record } = world
  const stop = new AbortController()
  record({
    type: 'stream-opened',
    stream: 'outside',
    kind: 'ping',
    class: 'packets',
    from: 'client',
    to: 'target',
    everyMs: 200,
    timeoutMs: 2000,
    sessions: 0,
    settings: {},
  })
  record({
    type: 'clock-sync',
    machine: 'client',
    sentMs: clock.nowMs(),
    remoteMs: clock.nowMs(),
    receivedMs: clock.nowMs(),
  })
  const until = AbortSignal.any([signal, stop.signal])
  const send = async () => {
    for (let seq = 0; !until.aborted; seq++) {
      record({
        type: 'probe',
        stream: 'outside',
        seq,
        sentMs: clock.nowMs(),
        receivedMs: getsThrough(world, seq) ? clock.nowMs() + 1 : null,
      })
      await clock.sleep(200, until).catch(() => {})
    }
  }
  void send()
  return {
    sampleSockets: () => Promise.resolve(),
    stop: () => {
      stop.abort()
      record({ type: 'streams-closed', machine: 'client' })
      return Promise.resolve()
    },
  }
}

function getsThrough({ behaviour, running, master, masterSinceMs, clock }: World, seq: number): boolean {
  if (behaviour.lossBeforeFault && seq % 10 === 9) return false
  return running.has(master) && (clock.nowMs() >= masterSinceMs || running.size === 4)
}
