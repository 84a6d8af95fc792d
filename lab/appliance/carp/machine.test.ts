import { describe, expect, it } from 'vitest'
import { nextDeadlineMs, stepCarp } from './machine.ts'
import type { CarpEvent } from './node.ts'
import { attach, heard, Story } from './story.fixture.ts'

const demote = (by: number): CarpEvent => ({ kind: 'demote', by, reason: 'sysctl' })
const link = (up: boolean, device = 'vtnet1'): CarpEvent => ({ kind: 'link', device, up })

describe('a node alone', () => {
  it('becomes MASTER after 3 x advbase + skew/256 s and then advertises at its interval', () => {
    const { lines } = new Story().at(0, attach(100)).until(6200)
    expect(lines).toEqual([
      '0 carp: 1@vtnet1: INIT -> BACKUP (initialization complete)',
      '3391 carp: 1@vtnet1: BACKUP -> MASTER (master timed out)',
      '3391 sends 1 skew 100',
      '4781 sends 1 skew 100',
      '6172 sends 1 skew 100',
    ])
  })

  it('paces by its deadlines, however late the timer is', () => {
    const story = new Story().at(0, attach(0)).until(3000)
    const late = stepCarp(story.node, { kind: 'timer' }, 4040)
    expect(nextDeadlineMs(late.node)).toBe(5000)
    const veryLate = stepCarp(story.node, { kind: 'timer' }, 9500)
    expect(nextDeadlineMs(veryLate.node)).toBe(10_500)
  })
})

describe('a BACKUP', () => {
  it('waits for the master anew with each advertisement: 3.39 s after the last one at skew 100', () => {
    const { lines } = new Story().at(0, attach(100)).at(1000, heard(0)).at(2000, heard(0)).until(5400)
    expect(lines.slice(1)).toEqual([
      '5391 carp: 1@vtnet1: BACKUP -> MASTER (master timed out)',
      '5391 sends 1 skew 100',
    ])
  })

  it('waits by its configured skew even while demoted', () => {
    const { lines } = new Story().at(0, attach(0)).at(10, demote(240)).at(1000, heard(0)).until(4001)
    expect(lines.slice(2)).toEqual([
      '4000 carp: 1@vtnet1: BACKUP -> MASTER (master timed out)',
      '4000 sends 1 skew 240',
    ])
  })

  it('preempts a slower master at once, but not an equal one', () => {
    const { lines } = new Story().at(0, attach(50)).at(500, heard(50)).at(600, heard(51)).until(601)
    expect(lines.slice(1)).toEqual([
      '600 carp: 1@vtnet1: BACKUP -> MASTER (preempting a slower master)',
      '600 sends 1 skew 50',
    ])
  })

  it('does not preempt with preempt off, nor while demoted to the cap', () => {
    const off = new Story().at(0, { kind: 'preempt', preempt: false }).at(0, attach(0)).at(500, heard(240))
    expect(off.node.vhids[0]?.state).toBe('BACKUP')
    const capped = new Story().at(0, attach(0)).at(1, demote(480)).at(500, heard(240))
    expect(capped.node.vhids[0]?.state).toBe('BACKUP')
  })

  it('takes over from a master so slow that it would time out anyway, even with preempt off', () => {
    const { lines } = new Story()
      .at(0, { kind: 'preempt', preempt: false })
      .at(0, attach(0))
      .at(500, heard(1, 1, 'vtnet1', 3))
    expect(lines.slice(1)).toEqual([
      '500 carp: 1@vtnet1: BACKUP -> MASTER (master will time out)',
      '500 sends 1 skew 0',
    ])
  })
})

describe('a MASTER', () => {
  const master = () => new Story().at(0, attach(0)).until(3000)

  it('gives way to a more frequent and to an equally frequent advertisement', () => {
    const { lines } = master().at(3100, heard(0))
    expect(lines.slice(3)).toEqual(['3100 carp: 1@vtnet1: MASTER -> BACKUP (more frequent advertisement received)'])
  })

  it('ignores a slower one', () => {
    expect(master().at(3100, heard(1)).node.vhids[0]?.state).toBe('MASTER')
  })

  it('tells a changed demotion at once and keeps the new interval', () => {
    const { lines } = master().at(3500, demote(240)).until(5440)
    expect(lines.slice(3)).toEqual([
      '3500 carp: demoted by 240 to 240 (sysctl)',
      '3500 sends 1 skew 240',
      '5438 sends 1 skew 240',
    ])
  })

  it('counts its first interval without the demotion, as carp_setrun() does', () => {
    const { lines } = new Story().at(0, attach(0)).at(0, demote(240)).until(5950)
    expect(lines.slice(3)).toEqual(['3000 sends 1 skew 240', '4000 sends 1 skew 240', '5938 sends 1 skew 240'])
  })

  it('is sent through INIT by a link notification while the link is up', () => {
    const { lines } = master().at(3100, link(true))
    expect(lines.slice(3)).toEqual([
      '3100 carp: 1@vtnet1: MASTER -> INIT (hardware interface up)',
      '3100 carp: 1@vtnet1: INIT -> BACKUP (initialization complete)',
    ])
  })
})

describe('a node with two VHIDs', () => {
  const pair = () =>
    new Story()
      .at(0, attach(0, 1, 'vtnet0'))
      .at(0, attach(0, 2, 'vtnet1'))
      .until(3000)

  it('loses one link: 240 for that VHID, the other one tells it at once and can be preempted', () => {
    const { lines } = pair().at(3100, link(false, 'vtnet0')).at(3101, heard(100, 2))
    expect(lines.slice(6)).toEqual([
      '3100 carp: 1@vtnet0: MASTER -> INIT (hardware interface down)',
      '3100 carp: demoted by 240 to 240 (interface down)',
      '3100 sends 2 skew 240',
      '3101 carp: 2@vtnet1: MASTER -> BACKUP (more frequent advertisement received)',
    ])
  })

  it('gets the link back: only the way out of INIT is told, and the demotion goes', () => {
    const { lines } = pair()
      .at(3100, link(false, 'vtnet0'))
      .at(3200, link(false, 'vtnet0'))
      .at(3300, link(true, 'vtnet0'))
    expect(lines.slice(9)).toEqual([
      '3300 carp: 1@vtnet0: INIT -> BACKUP (initialization complete)',
      '3300 carp: demoted by -240 to 0 (interface up)',
      '3300 sends 2 skew 0',
    ])
  })

  it('adds 240 for each VHID with allow=0, leaves them in INIT and hears nothing', () => {
    const story = pair().at(3100, { kind: 'allow', allow: false }).at(3200, heard(0)).until(9000)
    expect(story.lines.slice(6)).toEqual([
      '3100 carp: 1@vtnet0: MASTER -> INIT (hardware interface down)',
      '3100 carp: demoted by 240 to 240 (interface down)',
      '3100 carp: 2@vtnet1: MASTER -> INIT (hardware interface down)',
      '3100 carp: demoted by 240 to 480 (interface down)',
    ])
    expect(story.at(9000, { kind: 'allow', allow: true }).node).toMatchObject({ demotion: 0 })
  })
})

describe('the demotion', () => {
  it('is a signed sum; the advertised skew stays between 0 and 240', () => {
    const { lines } = new Story().at(0, attach(100)).at(0, demote(-300)).until(3400).at(3500, demote(1000))
    expect(lines.slice(3)).toEqual([
      '3391 sends 1 skew 0',
      '3500 carp: demoted by 1000 to 700 (sysctl)',
      '3500 sends 1 skew 240',
    ])
  })
})

describe('a state requested by hand', () => {
  it('is taken and is not sticky: a better node that hears the other returns', () => {
    const { lines } = new Story()
      .at(0, attach(0))
      .until(3000)
      .at(3100, { kind: 'request', device: 'vtnet1', vhid: 1, state: 'BACKUP' })
      .at(3500, heard(100))
    expect(lines.slice(3)).toEqual([
      '3100 carp: 1@vtnet1: MASTER -> BACKUP (user requested via ifconfig)',
      '3500 carp: 1@vtnet1: BACKUP -> MASTER (preempting a slower master)',
      '3500 sends 1 skew 0',
    ])
  })
})
