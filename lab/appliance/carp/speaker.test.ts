import { beforeEach, describe, expect, it } from 'vitest'
import { encodeAdvertisement } from './packet.ts'
import { Speaker, type VhidConfig } from './speaker.ts'

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

beforeEach(() => {
  done.length = 0
  const output = {
    log: (line: string) => done.push(line),
    raise: () => done.push('raise'),
    lower: () => done.push('lower'),
    advertise: () => done.push('advertise'),
    notify: (subsystem: string, state: string) => done.push(`${subsystem} ${state}`),
  }
  speaker = new Speaker(output, () => 0)
  speaker.attach(config, true)
  speaker.apply({ kind: 'preempt', preempt: true })
  speaker.stop()
  done.length = 0
})

function hear({ ttl = 255, password = 'firedrill', vhid = 1, advskew = 101, damage = false }): void {
  const payload = encodeAdvertisement({ vhid, advbase: 1, advskew, counter: 9n }, { ...key, vhid, password })
  if (damage) payload[1] = 77
  speaker.hear('vtnet1', { source: '10.102.0.3', ttl, payload })
  speaker.stop()
}

describe('a speaker', () => {
  it('raises the address before it advertises, then tells devd', () => {
    hear({})
    expect(done).toEqual([
      'carp: 1@vtnet1: BACKUP -> MASTER (preempting a slower master)',
      'raise',
      '1@vtnet1 MASTER',
      'advertise',
    ])
  })

  it('takes no advertisement that is damaged, forged, routed or of another VHID, and counts it', () => {
    hear({ damage: true })
    hear({ password: 'wrong' })
    hear({ ttl: 254 })
    hear({ vhid: 3 })
    expect(done).toEqual([])
    expect(speaker.counters).toEqual({
      received: 4,
      sent: 0,
      discarded: { 'bad checksum': 1, 'bad authentication': 1, 'wrong TTL': 1, 'bad vhid': 1 },
    })
  })

  it('says which VHID was forged at log level 2 only', () => {
    speaker.logLevel = 2
    hear({ password: 'wrong' })
    expect(done).toEqual(['carp_input_c: incorrect hash for VHID 1@vtnet1'])
  })
})
