import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { lab } from '../../analysis/fixture/subject.ts'
import { captureFilter, probeFilterOf } from './filter.ts'
import { networksBetween } from '../../model/network-path.ts'
import type { CapturePoint } from './points.ts'
import { capturePoints, endsOf } from './points.ts'

const image = 'x'
const machines = {
  isp: { image, nics: { wan: '10.101.0.254/24', uplink: '192.168.66.1/24' } },
  fw1: { image, nics: { wan: { dhcp: true as const }, lan: '10.102.0.2/24', sync: '10.103.0.2/24' } },
  fw2: { image, nics: { wan: { dhcp: true as const }, lan: '10.102.0.3/24', sync: '10.103.0.3/24' } },
  client: { image, nics: { lan: '10.102.0.50/24' } },
  target: { image, nics: { uplink: '192.168.66.10/24' } },
}
const pair = { ...lab, machines }
const streams = [{ from: 'client', to: 'target' }]
const told = (points: readonly CapturePoint[]) =>
  points.map(({ point, index, catches }) => `${point} ${index} ${catches.join(' ')}`)

test('a way between two machines crosses the networks of the shortest ways, and not the one that only the pair shares', () => {
  expect(networksBetween(pair, 'client', 'target')).toEqual(['wan', 'uplink', 'lan'])
  expect(networksBetween(pair, 'client', 'fw2')).toEqual(['lan'])
  expect(networksBetween(pair, 'client', 'nowhere')).toEqual([])
})

test('a machine that bears the name of a network is no short cut', () => {
  const lte = { image, nics: { lte: '100.64.0.1/24', uplink: '192.168.66.2/24' } }
  const second = (nics: object) => ({ image, nics: { ...nics, lte: '100.64.0.2/24' } })
  const two = { machines: { ...machines, lte, fw1: second(machines.fw1.nics), fw2: second(machines.fw2.nics) } }
  expect(networksBetween(two, 'client', 'target').toSorted()).toEqual(['lan', 'lte', 'uplink', 'wan'])
})

test('with the node’s shell signals are captured on the networks of the pair, and probes at the taps along their way', () => {
  expect(told(capturePoints(pair, streams, true))).toEqual([
    'lan-client 0 carp arp dhcp',
    'lan-fw1-tap 1 carp arp dhcp',
    'lan-fw2-tap 1 carp arp dhcp',
    'wan-fw1-tap 0 arp dhcp',
    'wan-fw2-tap 0 arp dhcp',
    'wan-fw1-tap-probes 0 probes dhcp',
    'wan-fw2-tap-probes 0 probes dhcp',
    'uplink-target-tap-probes 0 probes',
    'lan-client-tap-probes 0 probes',
    'lan-fw1-tap-probes 1 probes dhcp',
    'lan-fw2-tap-probes 1 probes dhcp',
  ])
})

test('without it they are where the streams begin', () => {
  expect(told(capturePoints(pair, streams, false))).toEqual([
    'lan-client 0 carp arp dhcp',
    'lan-client-probes 0 probes',
  ])
})

test('a stream to something that is no machine is captured on the way to the pair', () => {
  const use = { kind: 'ping', params: { from: 'client', to: 'vip:lan', every: 200 } }
  const ends = endsOf(pair, [{ machine: 'client', streams: [{ name: 'a', use }] }])
  expect(ends).toEqual([{ from: 'client', to: null }])
  const probes = capturePoints(pair, ends, true).filter(({ catches }) => catches.includes('probes'))
  expect(probes.map(({ point }) => point)).toEqual([
    'lan-client-tap-probes',
    'lan-fw1-tap-probes',
    'lan-fw2-tap-probes',
  ])
})

test('tcpdump understands every filter', () => {
  const probes = probeFilterOf(pair, streams)
  expect(probes).toEqual({ addresses: ['10.102.0.50', '192.168.66.10', '10.102.0.1'], ports: new Set([7]) })
  for (const point of capturePoints(pair, streams, true)) {
    const code = execFileSync('tcpdump', ['-d', '-y', 'EN10MB', captureFilter(point, probes)])
    expect(code.toString()).toContain('ret')
  }
})
