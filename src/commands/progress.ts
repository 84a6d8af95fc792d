import { styleText } from 'node:util'
import type { Event } from '../model/event.ts'

/** Prints what a run is doing, a line for each thing worth knowing, as its facts are recorded. */
export function progressPrinter(print: (line: string) => void, colour: boolean): (event: Event) => void {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => (colour ? styleText(style, text) : text)
  return (event) => {
    const said = sentence(event)
    if (said !== null) print(`${paint('dim', clockText(event.atMs))} ${paint(said.style, said.text)}`)
  }
}

type Said = { style: 'reset' | 'dim' | 'bold' | 'yellow' | 'red' | 'green'; text: string }

function sentence(event: Event): Said | null {
  switch (event.type) {
    case 'progress':
      return { style: 'reset', text: event.text }
    case 'versions':
      return { style: 'reset', text: Object.entries(event.machines).map(([name, version]) => `${name}: ${version}`).join(', ') }
    case 'gate':
      return gateSentence(event)
    case 'stream-opened':
      return { style: 'reset', text: `${event.stream}: ${event.kind} from ${event.from} to ${event.to} every ${event.everyMs} ms` }
    case 'clean-traffic':
      return { style: 'green', text: `traffic clean for ${seconds(event.forMs)}` }
    case 'step-started':
      return { style: 'bold', text: `${event.step}: ${event.action === 'fault' ? event.kind : `heal ${event.kind} of ${event.of}`}` }
    case 'injected':
    case 'healed':
      return { style: 'reset', text: `${event.step}: ${event.type} on ${event.machines.join(', ')}, acknowledged after ${seconds(event.ackedMs - event.sentMs)}` }
    case 'effect':
      return { style: event.proven ? 'reset' : 'red', text: `${event.step}: ${event.evidence}` }
    case 'step-ended':
      return { style: event.end === 'recovered' ? 'green' : 'yellow', text: `${event.step}: ${endings[event.end]}` }
    case 'stream-failed':
      return { style: 'red', text: `${event.stream}: ${event.reason}` }
    case 'problem':
      return { style: 'red', text: `${event.where}: ${event.message}` }
    case 'undo':
      return event.state === 'failed' ? { style: 'red', text: `undo of ${event.what} failed: ${event.error ?? ''}` } : null
    default:
      return null
  }
}

const endings = { recovered: 'recovered', expired: 'not recovered within its limit', aborted: 'given up' }

function gateSentence({ phase, state, unsettled }: Extract<Event, { type: 'gate' }>): Said {
  if (state === 'settled') return { style: 'green', text: phase === 'before' ? 'the pair is settled' : 'the pair is settled again' }
  const reasons = unsettled.join('; ')
  return state === 'waiting' ? { style: 'dim', text: `waiting: ${reasons}` } : { style: 'red', text: `still not settled: ${reasons}` }
}

function clockText(atMs: number): string {
  return `${seconds(atMs).padStart(8)}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
