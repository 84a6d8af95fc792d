import { type CarpState, type Vhid, demotedSkew, intervalMs, masterDownMs } from './vhid.ts'

/** The whole CARP side of one node: FreeBSD's globals and one record per VHID, in order of attachment. */
export type CarpNode = {
  allow: boolean
  preempt: boolean
  /** The sum behind `net.inet.carp.demotion`; may be negative. */
  demotion: number
  ifdownFactor: number
  vhids: readonly Vhid[]
}

/** What happens to a node. Times are milliseconds of the caller's monotonic clock. */
export type CarpEvent =
  | { kind: 'attach'; vhid: number; device: string; advbase: number; advskew: number; linkUp: boolean }
  | { kind: 'link'; device: string; up: boolean }
  | { kind: 'received'; device: string; vhid: number; advbase: number; advskew: number }
  | { kind: 'timer' }
  | { kind: 'demote'; by: number; reason: string }
  | { kind: 'allow'; allow: boolean }
  | { kind: 'preempt'; preempt: boolean }
  | { kind: 'request'; device: string; vhid: number; state: CarpState }

/** What the node wants done, in this order. `became` is devd's notification; `announce` is the gratuitous ARP. */
export type CarpEffect =
  | { kind: 'log'; line: string }
  | { kind: 'became'; device: string; vhid: number; state: CarpState }
  | { kind: 'advertise'; device: string; vhid: number; advbase: number; advskew: number }

/** A step's outcome. */
export type CarpStep = { node: CarpNode; effects: CarpEffect[] }

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

class Step {
  readonly nowMs: number
  readonly vhids: Vhid[]
  readonly ifdownFactor: number
  allow: boolean
  preempt: boolean
  demotion: number
  #effects: CarpEffect[] = []
  #sendAll = false

  constructor(node: CarpNode, nowMs: number) {
    this.nowMs = nowMs
    this.vhids = [...node.vhids]
    this.ifdownFactor = node.ifdownFactor
    this.allow = node.allow
    this.preempt = node.preempt
    this.demotion = node.demotion
  }

  at(at: number): Vhid {
    const vhid = this.vhids[at]
    if (vhid === undefined) throw new RangeError(`no VHID at ${at}`)
    return vhid
  }

  update(at: number, change: Partial<Vhid>): void {
    this.vhids[at] = { ...this.at(at), ...change }
  }

  each(matches: (vhid: Vhid) => boolean, act: (at: number) => void): void {
    for (const [at, vhid] of this.vhids.entries()) if (matches(vhid)) act(at)
  }

  become(at: number, state: CarpState, reason: string): void {
    const { vhid, device, state: before, advbase, advskew } = this.at(at)
    if (before === state) return
    this.#log(`${vhid}@${device}: ${before} -> ${state} (${reason})`)
    this.update(at, { state })
    this.#effects.push({ kind: 'became', device, vhid, state })
    if (state === 'INIT') this.update(at, { dueMs: undefined })
    if (state === 'BACKUP') this.update(at, { dueMs: this.nowMs + masterDownMs(this.at(at)) })
    if (state !== 'MASTER') return
    this.advertise(at)
    // carp_setrun() re-arms the first interval without the demotion; later ones count it.
    this.update(at, { dueMs: this.nowMs + intervalMs(advbase, advskew) })
  }

  advertise(at: number): void {
    const { vhid, device, advbase, ...rest } = this.at(at)
    const advskew = demotedSkew(rest, this.demotion)
    this.#effects.push({ kind: 'advertise', device, vhid, advbase, advskew })
  }

  demote(by: number, reason: string): void {
    this.demotion += by
    this.#log(`demoted by ${by} to ${this.demotion} (${reason})`)
    this.#sendAll = true
  }

  finish(): CarpStep {
    if (this.#sendAll) this.#advertiseAll()
    const { allow, preempt, demotion, ifdownFactor, vhids } = this
    return { node: { allow, preempt, demotion, ifdownFactor, vhids }, effects: this.#effects }
  }

  #advertiseAll(): void {
    this.each(
      ({ state }) => state === 'MASTER',
      (at) => {
        this.advertise(at)
        const vhid = this.at(at)
        this.update(at, { dueMs: this.nowMs + intervalMs(vhid.advbase, demotedSkew(vhid, this.demotion)) })
      },
    )
  }

  #log(text: string): void {
    this.#effects.push({ kind: 'log', line: `carp: ${text}` })
  }
}
