import type { StepTrace } from '../model/result.ts'
import type { Facts } from './facts.ts'

/** A step and the time, on the run's clock, whose probes and messages belong to it: from its start to the next step's. */
export interface ObservedStep extends StepTrace {
  observedUntilMs: number
  /** When its effect was seen; null where nobody looked. */
  effectMs: number | null
}

/** The steps that began, in order. The last one is observed until the pair was seen settled again, before anything is cleaned up. */
export function stepsOf(facts: Facts): ObservedStep[] {
  const started = facts.of('step-started').filter((event, index, all) => firstOf(all, event.step) === index)
  const endMs = observationEndMs(facts)
  return started.map((event, index) => ({
    name: event.step,
    action: event.action,
    kind: event.kind,
    of: event.of,
    ...targetsOf(facts, event.step),
    startMs: event.atMs,
    endMs: endOf(facts, event.step)?.atMs ?? null,
    injectedMs: injectedOf(facts, event.step),
    effect: effectOf(facts, event.step),
    effectMs: facts.of('effect').findLast(({ step }) => step === event.step)?.atMs ?? null,
    end: endOf(facts, event.step)?.end ?? null,
    observedUntilMs: started[index + 1]?.atMs ?? Math.max(endMs, event.atMs),
  }))
}

function firstOf(started: { step: string }[], step: string): number {
  return started.findIndex((event) => event.step === step)
}

function observationEndMs(facts: Facts): number {
  const ends = [
    ...facts.of('step-ended').map(({ atMs }) => atMs),
    ...facts.of('gate').flatMap(({ atMs, phase, state }) => (phase === 'after' && state !== 'waiting' ? [atMs] : [])),
  ]
  const allEnded = facts.of('step-ended').length >= facts.of('step-started').length
  return allEnded && ends.length > 0 ? Math.max(...ends) : (facts.last?.atMs ?? 0)
}

function targetsOf(facts: Facts, step: string): Pick<StepTrace, 'ref' | 'machines'> {
  const resolved = facts.of('targets-resolved').filter((event) => event.step === step)
  const acted = [...facts.of('injected'), ...facts.of('healed')].filter((event) => event.step === step)
  return {
    ref: resolved.length === 0 ? null : resolved.map(({ ref }) => ref).join(', '),
    machines: [...new Set([...resolved, ...acted].flatMap(({ machines }) => machines))],
  }
}

function injectedOf(facts: Facts, step: string): StepTrace['injectedMs'] {
  const acted = [...facts.of('injected'), ...facts.of('healed')].find((event) => event.step === step)
  return acted === undefined ? null : { sent: acted.sentMs, acked: Math.max(acted.sentMs, acted.ackedMs) }
}

function effectOf(facts: Facts, step: string): StepTrace['effect'] {
  const effect = facts.of('effect').findLast((event) => event.step === step)
  return effect === undefined ? null : { proven: effect.proven, evidence: effect.evidence }
}

const endOf = (facts: Facts, step: string) => facts.of('step-ended').find((event) => event.step === step)
