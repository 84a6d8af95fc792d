import type { CarpEvent, CarpNode, CarpStep } from './node.ts'
import { countSent } from './send-errors.ts'
import { Step } from './step.ts'
import { demotedSkew, intervalMs, type Vhid } from './vhid.ts'

/** FreeBSD's defaults: CARP allowed, no preemption, 240 per interface down and for advertisements that cannot be sent. */
export function newCarpNode(): CarpNode {
  return { allow: true, preempt: false, demotion: 0, ifdownFactor: 240, senderrFactor: 240, vhids: [] }
}

/** Applies one event at one instant; pure, as in sys/netinet/ip_carp.c. */
export function stepCarp(node: CarpNode, event: CarpEvent, nowMs: number): CarpStep {
  const step = new Step(node, nowMs)
  apply(step, event)
  return step.finish()
}

/** The instant at which the next `timer` event is due, or undefined with every VHID in INIT. */
export function nextDeadlineMs(node: CarpNode): number | undefined {
  const deadlines = node.vhids.flatMap(deadlinesOf)
  return deadlines.length === 0 ? undefined : Math.min(...deadlines)
}

function deadlinesOf({ timers: { advertise, inet, inet6 } }: Vhid): number[] {
  return [advertise, inet, inet6].flatMap((dueMs) => dueMs ?? [])
}

/** What happens to one VHID; one that is not there is left alone. */
type VhidEvent = Extract<CarpEvent, { kind: 'received' | 'request' | 'detach' | 'skew' | 'sent' }>
/** What happens to the node. */
type NodeEvent = Exclude<CarpEvent, VhidEvent>

function isVhidEvent(event: CarpEvent): event is VhidEvent {
  return ['received', 'request', 'detach', 'skew', 'sent'].includes(event.kind)
}

function apply(step: Step, event: CarpEvent): void {
  if (isVhidEvent(event)) applyToVhid(step, event)
  else applyToNode(step, event)
}

function applyToNode(step: Step, event: NodeEvent): void {
  switch (event.kind) {
    case 'attach':
      return attach(step, event)
    case 'link':
      return step.each(
        (vhid) => vhid.device === event.device,
        (at) => {
          step.update(at, { linkUp: event.up })
          evaluate(step, at)
        },
      )
    case 'timer':
      return step.each(
        (vhid) => deadlinesOf(vhid).some((dueMs) => dueMs <= step.nowMs),
        (at) => expire(step, at),
      )
    case 'demote':
      return step.demote(event.by, event.reason)
    case 'allow':
      return allow(step, event.allow)
    case 'preempt':
      step.preempt = event.preempt
  }
}

function applyToVhid(step: Step, event: VhidEvent): void {
  const at = step.find(event)
  if (at === undefined) return
  if (event.kind === 'received') return receive(step, at, event)
  if (event.kind === 'skew') return step.update(at, { advskew: event.advskew })
  if (event.kind === 'sent') return countSent(step, at, event.error)
  if (event.kind === 'request') return request(step, at, event)
  const [gone] = step.vhids.splice(at, 1)
  if (gone?.suppressed === true) step.demote(-step.ifdownFactor, 'vhid removed')
}

function attach(step: Step, event: Extract<CarpEvent, { kind: 'attach' }>): void {
  const { vhid, device, advbase, advskew, linkUp, families = ['inet'] } = event
  const errors = { sendErrors: 0, sendSuccesses: 0 }
  const idle = { state: 'INIT' as const, suppressed: false, timers: {}, ...errors }
  step.vhids.push({ vhid, device, advbase, advskew, linkUp, families, ...idle })
  evaluate(step, step.vhids.length - 1)
}

function allow(step: Step, allowed: boolean): void {
  if (step.allow === allowed) return
  step.allow = allowed
  step.each(
    () => true,
    (at) => evaluate(step, at),
  )
}

// carp_sc_state(): link, IFF_UP or allow changed. A link notification while the link is up sends a MASTER through INIT.
function evaluate(step: Step, at: number): void {
  const vhid = step.at(at)
  const running = vhid.linkUp && step.allow
  step.become(at, 'INIT', running ? 'hardware interface up' : 'hardware interface down')
  if (running) step.become(at, 'BACKUP', 'initialization complete')
  if (vhid.suppressed === !running) return
  step.update(at, { suppressed: !running })
  if (running) step.demote(-step.ifdownFactor, 'interface up')
  else step.demote(step.ifdownFactor, 'interface down')
}

function receive(step: Step, at: number, heard: Extract<CarpEvent, { kind: 'received' }>): void {
  if (!step.allow) return
  const vhid = step.at(at)
  const own = intervalMs(vhid.advbase, demotedSkew(vhid, step.demotion))
  const theirs = intervalMs(heard.advbase, heard.advskew)
  if (vhid.state === 'MASTER' && own >= theirs) step.become(at, 'BACKUP', 'more frequent advertisement received')
  if (vhid.state !== 'BACKUP') return
  if (step.preempt && own < theirs) step.become(at, 'MASTER', 'preempting a slower master')
  else if (own + 2000 * vhid.advbase < theirs) step.become(at, 'MASTER', 'master will time out')
  else step.awaitMaster(at, heard.family ?? 'inet')
}

function expire(step: Step, at: number): void {
  const vhid = step.at(at)
  if (vhid.state === 'BACKUP') return step.become(at, 'MASTER', 'master timed out')
  const interval = intervalMs(vhid.advbase, demotedSkew(vhid, step.demotion))
  const pacedMs = (vhid.timers.advertise ?? step.nowMs) + interval
  step.advertise(at)
  step.update(at, { timers: { advertise: pacedMs > step.nowMs ? pacedMs : step.nowMs + interval } })
}

function request(step: Step, at: number, wanted: Extract<CarpEvent, { kind: 'request' }>): void {
  if (step.at(at).state === 'INIT' || wanted.state === 'INIT') return
  step.become(at, wanted.state, 'user requested via ifconfig')
}
