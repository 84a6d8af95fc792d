import type { Event } from '../model/event.ts'

/** What tests compare of an event: a few words, or none. */
export function sentence(event: Event): string[] {
  if (event.type === 'gate') return event.state === 'waiting' ? [] : [`gate ${event.phase} ${event.state}`]
  if (event.type === 'undo') return [`undo ${event.state}`]
  if (event.type === 'effect') return [`effect ${event.step} ${event.proven}`]
  if (event.type === 'step-ended') return [`step-ended ${event.step} ${event.end}`]
  if (event.type === 'step-started' || event.type === 'injected' || event.type === 'healed')
    return [`${event.type} ${event.step}`]
  if (event.type === 'run-ended') return [`run-ended ${event.outcome}`]
  return event.type === 'clean-traffic' ? ['clean-traffic'] : []
}
