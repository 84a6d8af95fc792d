import { describe, expect, it } from 'vitest'
import type { CarpEvent } from './node.ts'
import { attach, heard, Story } from './story.fixture.ts'

describe('a node with IPv4 and IPv6 on one VHID', () => {
  const both = (advskew: number): CarpEvent => {
    const attached = { kind: 'attach' as const, device: 'vtnet1', vhid: 1, advbase: 1, linkUp: true }
    return { ...attached, advskew, families: ['inet', 'inet6'] }
  }
  const heard6 = (advskew: number): CarpEvent => {
    return { kind: 'received', device: 'vtnet1', vhid: 1, advbase: 1, advskew, family: 'inet6' }
  }

  it('waits for the master by each of them: silence in one is enough to take over, with all addresses', () => {
    const { lines } = new Story().at(0, both(100)).at(1000, heard(0)).at(1000, heard6(0)).at(2000, heard(0)).until(4400)
    expect(lines.slice(1, 2)).toEqual(['4391 carp: 1@vtnet1: BACKUP -> MASTER (master timed out)'])
  })

  it('gives way to a better node by either of them', () => {
    const { lines } = new Story().at(0, both(100)).until(3400).at(3500, heard6(0))
    expect(lines.at(-1)).toBe('3500 carp: 1@vtnet1: MASTER -> BACKUP (more frequent advertisement received)')
  })
})

describe('a VHID', () => {
  const target = { device: 'vtnet1', vhid: 1 }

  it('with another skew says so from the next advertisement on, and not before', () => {
    const { lines } = new Story()
      .at(0, attach(0))
      .until(3000)
      .at(3500, { kind: 'skew', advskew: 254, ...target })
      .until(6000)
    expect(lines.slice(3)).toEqual(['4000 sends 1 skew 240', '5938 sends 1 skew 240'])
  })

  it('that is taken away takes its share of the demotion along', () => {
    const { lines, node } = new Story()
      .at(0, attach(0))
      .at(100, { kind: 'allow', allow: false })
      .at(200, { kind: 'detach', ...target })
    expect(lines.at(-1)).toBe('200 carp: demoted by -240 to 0 (vhid removed)')
    expect(node.vhids).toEqual([])
  })

  it('of the same number on two NICs are two', () => {
    const story = new Story()
      .at(0, attach(0, 1, 'vtnet0'))
      .at(0, attach(0, 1, 'vtnet1'))
      .at(2000, heard(0, 1, 'vtnet1'))
    expect(story.until(3000).node.vhids.map(({ state }) => state)).toEqual(['MASTER', 'BACKUP'])
  })
})
