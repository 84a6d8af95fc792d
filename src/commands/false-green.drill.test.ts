import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { shippedLab, shippedScenario, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

const limit = { timeout: 180_000 }
const scenario = readFileSync(shippedScenario, 'utf8').replace('cleanFor: 5s', 'cleanFor: 2s')

let place: Workplace
beforeEach(() => {
  place = workplace()
})
afterEach(() => place.remove())

describe('a drill is never green', () => {
  test('when the pair has no state sync: it is red, and names the dead sessions', limit, async () => {
    place.write('lab.yaml', readFileSync(shippedLab, 'utf8').replace(/^ {2}stateSync:.*\n/m, ''))
    const { code, said } = await place.run([
      'run',
      place.write('drill.yaml', scenario.replace('lab: opnsense-single-wan', 'lab: ./lab.yaml')),
    ])
    expect({ code, said: code === 1 ? '' : said }).toEqual({ code: 1, said: '' })
    expect(said).toMatch(/fail failover\.sessionsAlive of held: 0/)
    expect(said).toMatch(/fail failover\.sessionsAlive of shell: 0/)
    expect(place.latest('junit.xml')).toMatch(/<failure[^>]*failover\.sessionsAlive of held: 0/)
    expect(place.leftovers()).toEqual([])
  })

  test(
    'when both firewalls are born with state sync off: a pair that is not as its lab says is not drilled',
    limit,
    async () => {
      const defects = ['--defect', 'fw1:state-sync-off', '--defect', 'fw2:state-sync-off']
      const impatient = scenario.replace('settleWithin: 90s', 'settleWithin: 10s')
      const { code, said } = await place.run(['run', ...defects, place.write('drill.yaml', impatient)])
      expect({ code, said: code === 2 ? '' : said }).toEqual({ code: 2, said: '' })
      expect(said).toMatch(/not settled \(expired\): fw1 does not tell of any state sync, which the lab asks for/)
      expect(said).not.toMatch(/vm-stop on fw1: the hypervisor says/)
      expect(place.leftovers()).toEqual([])
    },
  )

  test('when both firewalls lose power', limit, async () => {
    const both = scenario
      .replace('on: $master }', 'on: [$master, $backup] }')
      .replace('recoverWithin: 30s', 'recoverWithin: 6s')
    const { code, said } = await place.run(['run', place.write('drill.yaml', both)])
    expect({ code, said: code === 1 ? '' : said }).toEqual({ code: 1, said: '' })
    expect(said).toMatch(/fail failover\.outage of outside/)
    expect(place.leftovers()).toEqual([])
  })

  test('when a probe cannot start', limit, async () => {
    const unable = scenario
      .replace('tcp-session: { from: client', 'tcp-session: { port: 9, from: client')
      .replace('settleWithin: 90s', 'settleWithin: 20s')
    const { code, said } = await place.run(['run', place.write('drill.yaml', unable)])
    expect({ code, said: code === 2 ? '' : said }).toEqual({ code: 2, said: '' })
    expect(said).not.toMatch(/vm-stop on fw1: the hypervisor says/)
    expect(place.leftovers()).toEqual([])
  })

  test('when no vantage machine can carry the probes', limit, async () => {
    const unable = scenario.replaceAll('from: client', 'from: isp').replace('settleWithin: 90s', 'settleWithin: 20s')
    const { code, said } = await place.run(['run', place.write('drill.yaml', unable)])
    expect({ code, said: code === 2 ? '' : said }).toEqual({ code: 2, said: '' })
    expect(place.leftovers()).toEqual([])
  })
})
