import { expect, test } from 'vitest'
import type { Event, EventOf } from '../../model/event.ts'
import { factsOf } from '../facts.ts'
import { observedStep } from '../fixture/observed-step.ts'
import { lab as plain } from '../fixture/subject.ts'
import { measureSyncLink } from './sync-link.ts'

const wallZeroMs = 1_790_000_000_000
const nic = (host: number) => ({ image: 'x', nics: { sync: `172.16.255.${host}/30` } })
const lab = {
  ...plain,
  machines: { fw1: nic(1), fw2: nic(2) },
  pair: { ...plain.pair, stateSync: { network: 'sync' } },
}
const step = observedStep({ kind: 'carp-maintenance' })
const taps = ['fw1', 'fw2'].map((of): Event => ({
  type: 'capture-opened',
  atMs: 50,
  point: `sync-${of}`,
  machine: 'pve1',
  device: 'tap1',
  network: 'sync',
  of,
  file: 'x.pcap',
  catches: ['strangers'],
}))
const sync: Event = { type: 'wall-sync', atMs: 60, machine: 'pve1', sentMs: 0, wallMs: wallZeroMs + 0.5, receivedMs: 1 }
type Frame = Omit<EventOf<'beside-sync'>, 'type' | 'atMs' | 'wallMs' | 'point'>
const [fw1, fw2] = ['bc:24:11:00:00:01', 'bc:24:11:00:00:02']
const arp: Frame = { srcMac: fw1, etherType: 0x0806, src: '172.16.255.1', dst: '172.16.255.2', protocol: null }
const https: Frame = { srcMac: fw1, etherType: 0x0800, src: '172.16.255.1', dst: '172.16.255.2', protocol: 6 }
const seen = (point: string, wallMs: number, frame: Frame): Event => ({
  type: 'beside-sync',
  atMs: wallMs + 20,
  point,
  wallMs: wallZeroMs + wallMs,
  ...frame,
})
const both = (wallMs: number, frame: Frame) => [seen('sync-fw1', wallMs, frame), seen('sync-fw2', wallMs, frame)]
const measured = (...events: Event[]) => measureSyncLink(factsOf([sync, ...taps, ...events]), lab, [step])
const counts = (...events: Event[]) => measured(...events).map(({ metric, interval }) => [metric, interval])

test('a link with nothing but pfsync, or with ARP of the two, has neither strangers nor anything beside', () => {
  expect(counts()).toEqual([
    ['strangers', { low: 0, high: 0 }],
    ['besideSync', { low: 0, high: 0 }],
  ])
  expect(counts(...both(12_000, arp))).toEqual(counts())
  expect(measured()[0]?.evidence).toBe('nothing but pfsync')
})

test('what one firewall sends the other beside pfsync is no stranger; seen at one tap or at both', () => {
  const [strangers, beside] = measured(...both(12_000, https), ...both(25_000, https))
  expect(strangers?.interval).toEqual({ low: 0, high: 0 })
  expect(beside?.interval).toEqual({ low: 1, high: 2 })
  expect(beside?.evidence).toBe('seen at the taps: 2 x protocol 6 172.16.255.1 > 172.16.255.2')
})

test('a packet of somebody else is a stranger, sent by a third machine or led over by a firewall', () => {
  const third: Frame = { ...https, srcMac: 'bc:24:11:00:00:09', src: '172.16.255.9' }
  const led: Frame = { ...https, src: '10.0.1.50' }
  const away: Frame = { ...https, dst: '198.51.100.1' }
  const [strangers] = measured(
    seen('sync-fw1', 12_000, third),
    seen('sync-fw1', 12_001, led),
    seen('sync-fw1', 12_002, away),
  )
  expect(strangers?.interval).toEqual({ low: 3, high: 3 })
})

test('link-local packets are told by who sends them, as far as that is known', () => {
  const solicits = (srcMac: string): Frame => ({
    srcMac,
    etherType: 0x86dd,
    src: 'fe80::1',
    dst: 'ff02::2',
    protocol: 58,
  })
  expect(counts(...both(12_000, arp), ...both(12_001, solicits(fw1)))[0]).toEqual(['strangers', { low: 0, high: 0 }])
  expect(counts(...both(12_000, arp), seen('sync-fw1', 12_001, solicits(fw2)))[0]).toEqual([
    'strangers',
    { low: 0, high: 1 },
  ])
})

test('without captures of that link nothing is said', () => {
  expect(measureSyncLink(factsOf([sync]), lab, [step])).toEqual([])
})
