import { describe, expect, test } from 'vitest'
import { analyse } from '../analysis/analyse.ts'
import { drill, inOrder } from '../analysis/fixture/drill.ts'
import { lab } from '../analysis/fixture/subject.ts'
import type { Event } from '../model/event.ts'
import { findingsOf } from './check.ts'
import { oneMaster } from './one-master.ts'
import { splitBrain } from './split-brain.ts'
import { vipsTogether } from './vips-together.ts'

type Role = 'MASTER' | 'BACKUP'

/** The recorded drill with polls that say otherwise from 20 s to 33 s, when fw1 is back. */
const told = (roleOf: (node: string) => { vhid: number; state: Role }[], events: Event[] = drill()) =>
  events.map((event): Event => {
    if (event.type !== 'ha-sample' || event.state === null || event.sentMs < 20_000 || event.sentMs > 33_000)
      return event
    const vhids = roleOf(event.node).map((one) => ({ ...one, nic: 'vtnet1', advbase: 1, advskew: 0 }))
    return { ...event, state: { ...event.state, vhids } }
  })

describe('split brain', () => {
  test('that outlasts what CARP needs is a failure, named with its length and its sources', () => {
    const both = told(() => [{ vhid: 1, state: 'MASTER' }])
    const [failover, failback] = findingsOf(splitBrain, analyse(both, 'sha'))
    expect(failover).toMatchObject({ verdict: 'pass', id: 'invariant.split-brain.failover' })
    expect(failback?.verdict).toBe('fail')
    expect(failback?.message).toMatch(/^failback: split brain: both firewalls were master for \d+\.\d\d s ± .* ssh /)
  })

  test.each(['carp-drop', 'tunnel-cut'])('is what %s makes, and is told', (kind) => {
    const both = told(() => [{ vhid: 1, state: 'MASTER' }]).map((event): Event =>
      event.type === 'step-started' ? { ...event, kind } : event,
    )
    const failback = findingsOf(splitBrain, analyse(both, 'sha'))[1]
    expect(failback?.verdict).toBe('pass')
    expect(failback?.message).toMatch(/that is what this fault makes$/)
  })

  test('that nobody could see is none to fail for, unless somebody listened', () => {
    const blind = told(() => [], drill()).filter(
      (event) => event.type !== 'ha-sample' || event.node !== 'fw1' || event.sentMs < 17_000,
    )
    const opened = { point: 'lan-client', machine: 'client', device: 'eth0', network: 'wan', of: null, file: 'x.pcap' }
    const listening: Event[] = [{ type: 'capture-opened', atMs: 10, ...opened }, ...blind]
    expect(findingsOf(splitBrain, analyse(blind, 'sha'))[1]?.message).toMatch(/none was seen|no source tells/)
    expect(findingsOf(splitBrain, analyse(listening, 'sha'))[1]?.verdict).toBe('unknown')
  })
})

test('addresses on different nodes are a failure of a pair that preempts, and said of one that does not', () => {
  const parted = (node: string): { vhid: number; state: Role }[] => [
    { vhid: 1, state: node === 'fw1' ? 'MASTER' : 'BACKUP' },
    { vhid: 2, state: node === 'fw1' ? 'BACKUP' : 'MASTER' },
  ]
  const second = (preempt: boolean) =>
    told(parted).map((event): Event => {
      if (event.type !== 'run-started') return event
      const [vip] = lab.pair.vips
      const vips = vip === undefined ? [] : [vip, { ...vip, vhid: 2 }]
      return { ...event, lab: { ...lab, pair: { ...lab.pair, preempt, vips } } }
    })
  expect(findingsOf(vipsTogether, analyse(second(true), 'sha'))[1]?.verdict).toBe('fail')
  const said = findingsOf(vipsTogether, analyse(second(false), 'sha'))[1]
  expect(said?.verdict).toBe('pass')
  expect(said?.message).toMatch(/on different firewalls for .*; without preemption nothing brings them together$/)
})

test('a backup that still advertises is no proof of one master, one that did so long before is', () => {
  const about = {
    point: 'lan-fw2-tap',
    machine: 'pve1',
    device: 'tap9102i1',
    network: 'lan',
    of: 'fw2',
    file: 'x.pcap',
  }
  const advert = {
    point: 'lan-fw2-tap',
    srcMac: '00:00:5e:00:01:01',
    src: '10.102.0.3',
    dst: '224.0.0.18',
    vhid: 1,
    advbase: 1,
    advskew: 100,
    counter: '0',
  }
  const back = drill().map((event): Event =>
    event.type === 'ha-sample' && event.node === 'fw2' && event.sentMs > 25_000 && event.state !== null
      ? {
          ...event,
          state: { ...event.state, vhids: event.state.vhids.map((one) => ({ ...one, state: 'BACKUP' as const })) },
        }
      : event,
  )
  const judged = (...more: Event[]) => findingsOf(oneMaster, analyse(inOrder([...back, ...more]), 'sha'))[0]
  const heardAt = (atMs: number) =>
    judged(
      { type: 'capture-opened', atMs: 10, ...about },
      { type: 'wall-sync', atMs: 12, machine: 'pve1', sentMs: 11, wallMs: 1_790_000_000_011, receivedMs: 12 },
      { type: 'carp-advert', atMs, wallMs: 1_790_000_000_000 + atMs, ...advert },
    )

  expect(judged()?.verdict).toBe('pass')
  expect(heardAt(37_000)?.verdict).toBe('unknown')
  expect(heardAt(37_000)?.message).toContain('fw2 still advertised')
  expect(heardAt(30_000)?.verdict).toBe('pass')
})
