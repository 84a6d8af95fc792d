import { styleText } from 'node:util'
import type { Event, EventOf, EventType } from '../model/event.ts'

/** Prints what a run is doing, a line for each thing worth knowing, as its facts are recorded. */
export function progressPrinter(print: (line: string) => void, colour: boolean): (event: Event) => void {
  const paint = (style: Parameters<typeof styleText>[0], text: string) => (colour ? styleText(style, text) : text)
  return (event) => {
    const said = sentence(event)
    if (said !== null) print(`${paint('dim', clockText(event.atMs))} ${paint(said.style, said.text)}`)
  }
}

type Said = { style: 'reset' | 'dim' | 'bold' | 'yellow' | 'red' | 'green'; text: string }

/** What is said of each kind of event; the others are for the report. */
const sentences: { [T in EventType]?: (event: EventOf<T>) => Said | null } = {
  progress: ({ text }) => ({ style: 'reset', text }),
  versions: ({ machines }) => ({ style: 'reset', text: listOf(machines) }),
  gate: gateSentence,
  'stream-opened': ({ stream, kind, from, to, everyMs }) => ({
    style: 'reset',
    text: `${stream}: ${kind} from ${from} to ${to} every ${everyMs} ms`,
  }),
  'clean-traffic': ({ forMs }) => ({ style: 'green', text: `traffic clean for ${seconds(forMs)}` }),
  'step-started': ({ step, action, kind, of }) => ({
    style: 'bold',
    text: `${step}: ${action === 'fault' ? kind : `heal ${kind} of ${of}`}`,
  }),
  injected: acknowledged,
  healed: acknowledged,
  effect: ({ step, proven, evidence }) => ({ style: proven ? 'reset' : 'red', text: `${step}: ${evidence}` }),
  'step-ended': ({ step, end }) => ({
    style: end === 'recovered' ? 'green' : 'yellow',
    text: `${step}: ${endings[end]}`,
  }),
  'stream-failed': ({ stream, reason }) => ({ style: 'red', text: `${stream}: ${reason}` }),
  problem: ({ where, message }) => ({ style: 'red', text: `${where}: ${message}` }),
  undo: ({ state, what, error }) =>
    state === 'failed' ? { style: 'red', text: `undo of ${what} failed: ${error ?? ''}` } : null,
}

function sentence<T extends EventType>(event: EventOf<T> & { type: T }): Said | null {
  return sentences[event.type]?.(event) ?? null
}

function acknowledged({ type, step, machines, sentMs, ackedMs }: EventOf<'injected' | 'healed'>): Said {
  return {
    style: 'reset',
    text: `${step}: ${type} on ${machines.join(', ')}, acknowledged after ${seconds(ackedMs - sentMs)}`,
  }
}

function listOf(machines: Record<string, string>): string {
  return Object.entries(machines)
    .map(([machine, version]) => `${machine} runs ${version}`)
    .join(', ')
}

const endings = { recovered: 'recovered', expired: 'not recovered within its limit', aborted: 'given up' }

function gateSentence({ phase, state, unsettled }: EventOf<'gate'>): Said {
  if (state === 'settled')
    return { style: 'green', text: phase === 'before' ? 'the pair is settled' : 'the pair is settled again' }
  const reasons = unsettled.join('; ')
  return state === 'waiting'
    ? { style: 'dim', text: `waiting: ${reasons}` }
    : { style: 'red', text: `still not settled: ${reasons}` }
}

function clockText(atMs: number): string {
  return seconds(atMs).padStart(8)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
