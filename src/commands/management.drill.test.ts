import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { shippedLab, shippedScenario } from './firedrill.fixture.ts'
import { useHypervisorSite } from './hypervisor.fixture.ts'

const label = 'opnsense-single-wan'
let target: string
let labFile: string

const site = useHypervisorSite()

beforeAll(() => {
  target = site.hypervisor.variant('managed.json', { machines: {} })
  const management = 'management: { bridge: vmbr0, addresses: dhcp, via: node }\n'
  labFile = site.place.write('managed.yaml', `${readFileSync(shippedLab, 'utf8')}\n${management}`)
})

describe('a lab whose machines are known to nobody beforehand', () => {
  test('is found over its management network: addresses by DHCP, told by the guest agents, reached through the node', async () => {
    const { code, stdout, stderr } = await site.place.run(['lab', 'up', labFile, '--target', target])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const reached = [...stdout.matchAll(/^ {2}(\w+): root@(198\.18\.66\.1\d\d), port 22$/gm)]
    expect(reached.map(([, machine = '']) => machine).toSorted()).toEqual(['client', 'fw1', 'fw2', 'isp', 'target'])
    expect(new Set(reached.map(([, , address]) => address)).size).toBe(5)
    expect(await site.place.run(['lab', 'down', label, '--target', target])).toMatchObject({ code: 0 })
    expect(await site.hypervisor.state()).toEqual(site.before)
  })

  test('is drilled like any other', async () => {
    const scenario = readFileSync(shippedScenario, 'utf8').replace(/^lab: .*$/m, 'lab: managed.yaml')
    const drill = site.place.write('drill.yaml', scenario)
    const { code, said, stderr } = await site.place.run(['run', drill, '--target', target])
    expect({ code, stderr: code === 0 ? '' : `${said}\n${stderr}` }).toEqual({ code: 0, stderr: '' })
    expect(await site.hypervisor.state()).toEqual(site.before)
    expect(site.place.leftovers()).toEqual([])
  })

  test('is fit for a drill as doctor sees it, unless its bridge is not there', async () => {
    const fit = await site.place.run(['doctor', labFile, '--target', target])
    expect(fit.stdout).toMatch(/^pass +bridge: vmbr0 of pve1 is up$/m)
    const other = readFileSync(labFile, 'utf8').replace('bridge: vmbr0', 'bridge: vmbr7')
    const unfit = await site.place.run(['doctor', site.place.write('unfit.yaml', other), '--target', target])
    expect({ fit: fit.code, unfit: unfit.code }).toEqual({ fit: 0, unfit: 1 })
    expect(unfit.stdout).toMatch(/^fail +bridge: expected bridge vmbr7 on pve1, which has vmbr0$/m)
  })
})
