import { expect, test } from 'vitest'
import type { Result } from '../model/result.ts'
import { drillAlone } from './split-brain.fixture.ts'

const scenario = (lab: string) => `scenario: located
question: Where on their way are packets lost while a firewall dies and comes back?
red: Nobody knows which machine lost them.
lab: ${lab}
gate: { cleanFor: 2s, settleWithin: 60s }
probes:
  outside: { ping: { from: client, to: target, every: 100ms } }
  fast: { udp: { from: client, to: target, every: 20ms } }
steps:
  - { name: failover, fault: { vm-stop: { on: $master } }, recoverWithin: 30s }
expect:
  - { metric: failover.garpDelay, stream: pair, max: 2s, because: hosts keep the old way otherwise }
`

async function drilled(lab: string): Promise<Result> {
  const { result, leftovers } = await drillAlone(scenario(lab), () => Promise.resolve(), AbortSignal.timeout(200_000))
  expect(leftovers).toEqual([])
  return result
}

test('every probe that a failover cost is placed on its way, and the new master’s gratuitous ARP is seen', async () => {
  const { measurements, timeline } = await drilled('opnsense-single-wan')
  const paths = timeline.wire?.paths ?? []
  expect(paths.map(({ stream }) => stream).toSorted()).toEqual(['fast', 'outside'])
  for (const { stream, lost, unplaced, hops, clockBoundMs } of paths) {
    expect({ unplaced, clockBoundMs }).toEqual({ unplaced: 0, clockBoundMs: 0 })
    const counted = measurements.find((one) => one.metric === 'lost' && one.stream === stream)
    expect(counted?.interval).toEqual({ low: lost, high: lost })
    expect(counted?.evidence).toContain(`; on the wire: ${hops[0]?.lost} request seen at `)
    expect(hops.reduce((sum, hop) => sum + hop.lost, 0)).toBe(lost)
  }
  const garp = measurements.find(({ metric, stream }) => metric === 'garpDelay' && stream === 'pair')
  expect(garp?.interval?.high).toBeLessThan(2000)
  const hashes = timeline.wire?.captures.map(({ sha256 }) => sha256) ?? []
  expect(hashes.filter((hash) => hash !== null && /^[0-9a-f]{64}$/.test(hash))).toHaveLength(hashes.length)
  expect(hashes.length).toBeGreaterThanOrEqual(11)
})

test('captures on two nodes place them, too, and say how well the two clocks can be compared', async () => {
  const { timeline, problems } = await drilled('pfsense-ovs-vxlan')
  const captures = timeline.wire?.captures ?? []
  expect(captures.filter(({ machine, point }) => machine === 'pve2' && point.includes('fw2'))).toHaveLength(4)
  const paths = timeline.wire?.paths ?? []
  expect(paths.map(({ unplaced }) => unplaced)).toEqual(paths.map(() => 0))
  expect(paths.every(({ clockBoundMs }) => clockBoundMs > 0 && clockBoundMs < 50)).toBe(true)
  expect(problems.filter(({ where }) => where.startsWith('capture'))).toEqual([])
})
