import type { CarpEvent, CarpNode, CarpStep } from './node.ts'
import { Step } from './step.ts'
import { demotedSkew, intervalMs, masterDownMs } from './vhid.ts'

/** FreeBSD's defaults: CARP allowed, no preemption, 240 per interface down. */
export function newCarpNode(): CarpNode {
  return { allow: true, preempt: false, demotion: 0, ifdownFactor: 240, vhids: [] }
}

/** Applies one event at one instant; pure, as in sys/netinet/ip_carp.c. */
export function stepCarp(node: CarpNode, event: CarpEvent, nowMs: number): CarpStep {
  const step = new Step(node, nowMs)
  apply(step, event)
  return step.finish()
}

/** The instant at which the next `timer` event is due, or undefined with every VHID in INIT. */
export function nextDeadlineMs(node: CarpNode): number | undefined {
  const deadlines = node.vhids.flatMap(({ dueMs }) => (dueMs === undefined ? [] : [dueMs]))
  return deadlines.length === 0 ? undefined : Math.min(...deadlines)
}

function apply(step: Step, event: CarpEvent): void {
  switch (event.kind) {
    case 'attach': {
      const { vhid, device, advbase, advskew, linkUp } = event
      step.vhids.push({ vhid, device, advbase, advskew, linkUp, state: 'INIT', suppressed: false, dueMs: undefined })
      return evaluate(step, step.vhids.length - 1)
    }
    case 'link':
      return step.each(
        (vhid) => vhid.device === event.device,
        (at) => {
          step.update(at, { linkUp: event.up })
          evaluate(step, at)
        },
      )
    case 'received':
      return receive(step, event)
    case 'timer':
      return step.each(
        ({ dueMs }) => dueMs !== undefined && dueMs <= step.nowMs,
        (at) => expire(step, at),
      )
    case 'demote':
      return step.demote(event.by, event.reason)
    case 'allow': {
      if (step.allow === event.allow) return
      step.allow = event.allow
      return step.each(
        () => true,
        (at) => evaluate(step, at),
      )
    }
    case 'preempt':
      step.preempt = event.preempt
      return
    case 'request':
      return request(step, event)
  }
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

function receive(step: Step, heard: Extract<CarpEvent, { kind: 'received' }>): void {
  const at = step.vhids.findIndex(({ vhid, device }) => vhid === heard.vhid && device === heard.device)
  if (at === -1 || !step.allow) return
  const vhid = step.at(at)
  const own = intervalMs(vhid.advbase, demotedSkew(vhid, step.demotion))
  const theirs = intervalMs(heard.advbase, heard.advskew)
  if (vhid.state === 'MASTER' && own >= theirs) step.become(at, 'BACKUP', 'more frequent advertisement received')
  if (vhid.state !== 'BACKUP') return
  if (step.preempt && own < theirs) step.become(at, 'MASTER', 'preempting a slower master')
  else if (own + 2000 * vhid.advbase < theirs) step.become(at, 'MASTER', 'master will time out')
  else step.update(at, { dueMs: step.nowMs + masterDownMs(vhid) })
}

function expire(step: Step, at: number): void {
  const vhid = step.at(at)
  if (vhid.state === 'BACKUP') return step.become(at, 'MASTER', 'master timed out')
  const interval = intervalMs(vhid.advbase, demotedSkew(vhid, step.demotion))
  const pacedMs = (vhid.dueMs ?? step.nowMs) + interval
  step.advertise(at)
  step.update(at, { dueMs: pacedMs > step.nowMs ? pacedMs : step.nowMs + interval })
}

function request(step: Step, wanted: Extract<CarpEvent, { kind: 'request' }>): void {
  const at = step.vhids.findIndex(({ vhid, device }) => vhid === wanted.vhid && device === wanted.device)
  if (at === -1 || step.at(at).state === 'INIT' || wanted.state === 'INIT') return
  step.become(at, wanted.state, 'user requested via ifconfig')
}
