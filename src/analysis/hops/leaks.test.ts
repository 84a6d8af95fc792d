import { expect, test } from 'vitest'
import type { Event } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import { observedStep } from '../fixture/observed-step.ts'
import { rowLab } from './fixture/path.ts'
import { measureLeaks } from './leaks.ts'

const wallZeroMs = 1_790_000_000_000
const lab = { ...rowLab, pair: { ...rowLab.pair, vpn: { endpoint: 'target', for: ['client'] } } }
const step = observedStep({
  name: 'vpn-dead',
  kind: 'gateway-blackhole',
  of: 'vpn-dead',
  ref: null,
  machines: ['target'],
})
const opened = (stream: string, from: string, kind = 'udp'): Event => ({
  type: 'stream-opened',
  atMs: 100,
  stream,
  kind,
  class: 'packets',
  from,
  to: 'target',
  everyMs: 100,
  timeoutMs: 2000,
  sessions: 0,
  settings: { key: `key of ${stream}`, address: '192.168.66.10' },
})
const capture = (point: string, network: string, of: string): Event => ({
  type: 'capture-opened',
  atMs: 50,
  point,
  machine: 'pve1',
  device: 'tap1',
  network,
  of,
  file: `${point}.pcap`,
  catches: ['probes'],
})
const sync: Event = { type: 'wall-sync', atMs: 60, machine: 'pve1', sentMs: 0, wallMs: wallZeroMs + 0.5, receivedMs: 1 }
/** Numbers `seqs`, 100 ms from each other, from an instant on. */
const passed = (
  point: string,
  stream: string,
  fromMs: number,
  seqs: number[],
  way: 'request' | 'reply' = 'request',
): Event => ({
  type: 'probes-passed',
  atMs: fromMs + 2000,
  point,
  kind: 'udp',
  way,
  src: '10.102.0.50',
  dst: '192.168.66.10',
  id: `key of ${stream}`,
  seq: seqs[0] ?? 0,
  wallMs: wallZeroMs + fromMs,
  seqSteps: seqs.map((_, index) => (index === 0 ? 0 : 1)),
  ticks: seqs.map((_, index) => (index === 0 ? 0 : 10_000)),
})
const taps = ['fw1', 'fw2'].flatMap((fw) => [capture(`lan-${fw}`, 'lan', fw), capture(`wan-${fw}`, 'wan', fw)])
const base = [sync, ...taps, opened('private', 'client')]
const leaked = (events: Event[]) => measureLeaks({ facts: factsOf(events), lab, steps: [step] }, events)

test('what a firewall lets out of the tunnel’s traffic as it is, is counted once, and only in its step', () => {
  const events = [
    ...base,
    passed('lan-fw1', 'private', 12_000, [20, 21, 22]),
    passed('wan-fw1', 'private', 12_000, [20, 21]),
    passed('wan-fw2', 'private', 12_000, [21]),
    passed('wan-fw1', 'private', 25_000, [150]),
    passed('wan-fw1', 'private', 12_000, [30], 'reply'),
  ]
  const [row, ...others] = leaked(events)
  expect(row).toMatchObject({ metric: 'leaked', stream: 'private', step: 'vpn-dead', interval: { low: 2, high: 2 } })
  expect(row?.evidence).toBe('3 probes reached a firewall, 2 left it in the clear (wan-fw1, wan-fw2)')
  expect(others).toEqual([])
})

test('none is told only where its probes were seen to come', () => {
  expect(leaked([...base, passed('lan-fw1', 'private', 12_000, [20])])[0]?.interval).toEqual({ low: 0, high: 0 })
  expect(leaked(base)[0]?.interval).toBeNull()
  expect(leaked(base)[0]?.evidence).toContain('none of its probes')
})

test('a tap that was not listened to all along leaves it open', () => {
  const ended: Event = {
    type: 'capture-closed',
    atMs: 15_000,
    point: 'wan-fw1',
    packets: 1,
    dropped: 0,
    reason: 'killed',
  }
  const [row] = leaked([...base, passed('lan-fw1', 'private', 12_000, [20]), ended])
  expect(row).toMatchObject({ interval: { low: 0, high: Infinity }, evidence: 'wan-fw1 was not listened to all along' })
})

test('pings bear no key, and machines that may go beside the tunnel leak nothing', () => {
  const other = opened('other', 'other')
  const [row, ...others] = leaked([sync, ...taps, opened('pings', 'client', 'ping'), other])
  expect(row).toMatchObject({ stream: 'pings', interval: null })
  expect(others).toEqual([])
})
