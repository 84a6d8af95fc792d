import { expect, test } from 'vitest'
import { lab } from '../../analysis/fixture/subject.ts'
import { capturePoints } from './points.ts'

const machines = {
  fw1: { image: 'x', nics: { wan: '10.101.0.2/24', lan: '10.102.0.2/24' } },
  fw2: { image: 'x', nics: { wan: '10.101.0.3/24', lan: '10.102.0.3/24' } },
  client: { image: 'x', nics: { lan: '10.102.0.50/24' } },
  target: { image: 'x', nics: { uplink: '192.168.66.10/24' } },
}

test('advertisements are listened for on the networks of virtual addresses: at vantage machines, and with the node’s shell at both taps', () => {
  const points = capturePoints({ ...lab, machines }, ['client', 'target'], true)
  expect(points.map(({ point, index, isTap }) => [point, index, isTap])).toEqual([
    ['lan-client', 0, false],
    ['lan-fw1-tap', 1, true],
    ['lan-fw2-tap', 1, true],
  ])
  expect(capturePoints({ ...lab, machines }, ['client'], false)).toHaveLength(1)
})
