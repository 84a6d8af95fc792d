import { beforeEach, describe, expect, it } from 'vitest'
import type { Defect, Flavour } from '../config.ts'
import type { ConfigStore } from './control.ts'
import { bootNode, memoryStore, type TestNode } from './node.fixture.ts'

let store: ConfigStore

beforeEach(() => {
  store = memoryStore()
})

function boot(flavour: Flavour, defects: Defect[] = []) {
  const node = bootNode(flavour, store, defects)
  return { ...node, control: node.firewall.control.carp, speaker: node.firewall.speaker }
}

function summary({ firewall: { control, speaker } }: TestNode) {
  const { demotion, allow, maintenance, vips } = control.carp.status()
  speaker.stop()
  return { demotion, allow, maintenance, states: vips.map(({ state }) => state).join(' ') }
}

describe('OPNsense', () => {
  it('enters maintenance by demotion and flag, once; after a reboot it is still in it', async () => {
    const firewall = boot('opnsense')
    await firewall.control.enterMaintenance()
    await firewall.control.enterMaintenance()
    expect(summary(firewall)).toMatchObject({ demotion: 240, maintenance: true })
    expect(summary(boot('opnsense'))).toMatchObject({ demotion: 240, maintenance: true })
  })

  it('leaves it with demotion 0, whatever it was', async () => {
    const firewall = boot('opnsense')
    await firewall.control.enterMaintenance()
    firewall.speaker.apply({ kind: 'demote', by: 77, reason: 'sysctl' })
    await firewall.control.leaveMaintenance()
    expect(summary(firewall)).toMatchObject({ demotion: 0, maintenance: false })
  })

  it('disabled has no VHID on any NIC and no demotion; enabled it sets state sync up again', async () => {
    const firewall = boot('opnsense')
    await firewall.control.disable()
    expect(summary(firewall)).toEqual({ demotion: 0, allow: false, maintenance: false, states: 'DISABLED DISABLED' })
    expect(firewall.lines.slice(-1)).toEqual(['carp: demoted by -240 to 0 (vhid removed)'])
    await firewall.control.enable()
    expect(summary(firewall)).toEqual({ demotion: 0, allow: true, maintenance: false, states: 'BACKUP BACKUP' })
    expect(firewall.bulks).toHaveLength(1)
  })

  it('with the defect loses the flag to somebody who writes an old copy, and stays demoted', async () => {
    const firewall = boot('opnsense', ['lost-maintenance-flag'])
    await firewall.control.enterMaintenance()
    expect(summary(firewall)).toMatchObject({ demotion: 240, maintenance: false })
  })
})

describe('pfSense', () => {
  it('enters maintenance by skew 254 on every VHID, the demotion left alone; leaving restores the skew', async () => {
    const firewall = boot('pfsense')
    await firewall.control.enterMaintenance()
    expect(firewall.speaker.node.vhids.map(({ advskew }) => advskew)).toEqual([254, 254])
    expect(summary(firewall)).toMatchObject({ demotion: 0, maintenance: true })
    expect(boot('pfsense').speaker.node.vhids.map(({ advskew }) => advskew)).toEqual([254, 254])
    await firewall.control.leaveMaintenance()
    expect(firewall.speaker.node.vhids.map(({ advskew }) => advskew)).toEqual([0, 0])
  })

  it('is disabled and enabled as OPNsense is, CARP allowed last', async () => {
    const firewall = boot('pfsense')
    await firewall.control.disable()
    expect(summary(firewall)).toMatchObject({ demotion: 0, allow: false, states: 'DISABLED DISABLED' })
    await firewall.control.enable()
    expect(summary(firewall)).toMatchObject({ demotion: 0, allow: true, states: 'BACKUP BACKUP' })
  })
})
