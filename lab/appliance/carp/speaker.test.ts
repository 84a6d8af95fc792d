import { beforeEach, describe, expect, it } from 'vitest'
import { encodeAdvertisement } from './packet.ts'
import { Speaker } from './speaker.ts'
import type { VhidConfig } from './vhid-config.ts'

const config: VhidConfig = {
  device: 'vtnet1',
  vhid: 1,
  advbase: 1,
  advskew: 100,
  password: 'firedrill',
  addresses: ['10.102.0.1/24'],
}
const key = { vhid: 1, password: 'firedrill', addresses: ['10.102.0.1'] }
const done: string[] = []
let speaker: Speaker

const output = {
  log: (line: string) => done.push(line),
  raise: () => done.push('raise'),
  lower: () => done.push('lower'),
  advertise: (_: VhidConfig, family: string) => done.push(`advertise ${family}`),
  announce: () => done.push('announce'),
  notify: (subsystem: string, state: string) => done.push(`${subsystem} ${state}`),
}

beforeEach(() => {
  done.length = 0
  speaker = new Speaker(output, () => 0)
  speaker.attach(config, true)
  speaker.apply({ kind: 'preempt', preempt: true })
  speaker.stop()
  done.length = 0
})

function hear({ ttl = 255, password = 'firedrill', vhid = 1, advskew = 101, damage = false }): void {
  const payload = encodeAdvertisement({ vhid, advbase: 1, advskew, counter: 9n }, { ...key, vhid, password })
  if (damage) payload[1] = 77
  speaker.hear('vtnet1', { family: 'inet', ttl, payload })
  speaker.stop()
}

describe('a speaker', () => {
  it('raises the address before it advertises, tells devd, and announces after its first advertisement', () => {
    hear({})
    expect(done).toEqual([
      'carp: 1@vtnet1: BACKUP -> MASTER (preempting a slower master)',
      'raise',
      '1@vtnet1 MASTER',
      'advertise inet',
      'announce',
    ])
  })

  it('takes no advertisement that is damaged, forged, routed or of another VHID, and counts it', () => {
    hear({ damage: true })
    hear({ password: 'wrong' })
    hear({ ttl: 254 })
    hear({ vhid: 3 })
    expect(done).toEqual([])
    expect(speaker.counters).toEqual({
      received: { inet: 4, inet6: 0 },
      sent: { inet: 0, inet6: 0 },
      discarded: { 'bad checksum': 1, 'bad authentication': 1, 'wrong TTL': 1, 'bad vhid': 1 },
    })
  })

  it('says which VHID was forged at log level 2 only', () => {
    speaker.logLevel = 2
    hear({ password: 'wrong' })
    expect(done).toEqual(['carp_input_c: incorrect hash for VHID 1@vtnet1'])
  })

  it('with addresses of both families advertises to both groups, signed over all of them', () => {
    const both = { ...config, vhid: 2, advskew: 0, addresses: ['10.102.0.7/24', '2001:db8::7/64'] }
    speaker.attach(both, true)
    done.length = 0
    speaker.apply({ kind: 'request', device: 'vtnet1', vhid: 2, state: 'MASTER' })
    speaker.stop()
    expect(done.slice(-3)).toEqual(['advertise inet', 'advertise inet6', 'announce'])
    expect(speaker.counters.sent).toEqual({ inet: 1, inet6: 1 })
  })

  it('does not look at the TTL of its unicast peer', () => {
    speaker.attach({ ...config, vhid: 3, peers: { inet: '10.102.0.3' } }, true)
    hear({ ttl: 63, vhid: 3 })
    expect(speaker.counters.discarded).toEqual({})
  })

  it('counts advertisements that did not leave: after three of them the node is demoted, after three good ones no more', () => {
    const story = new Speaker(output, () => 0)
    story.attach(config, true)
    story.apply({ kind: 'request', device: 'vtnet1', vhid: 1, state: 'MASTER' })
    for (let round = 0; round < 3; round += 1) story.failed(config, 50)
    expect(story.node.demotion).toBe(240)
    for (let round = 0; round < 4; round += 1) story.apply({ kind: 'demote', by: 0, reason: 'sysctl' })
    story.stop()
    expect(story.node.demotion).toBe(0)
    expect(done.filter((line) => line.includes('send '))).toEqual([
      'carp: demoted by 240 to 240 (send error 50 on vtnet1)',
      'carp: demoted by -240 to 0 (send ok on vtnet1)',
    ])
  })

  it('lets go of a VHID whose addresses are taken away', () => {
    speaker.detach(config)
    hear({})
    expect(done).toEqual(['lower'])
    expect(speaker.counters.discarded).toEqual({ 'bad vhid': 1 })
  })
})
