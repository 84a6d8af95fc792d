import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeApi, type FakeApi } from '../../fixture/api.ts'
import { createClient } from '../../fixture/client.ts'
import { z } from 'zod'

let api: FakeApi
beforeAll(async () => {
  api = await startFakeApi(['pve1', 'pve2'])
})
afterAll(() => api.close())

const names = async (query = '', node = 'pve1', client = api.client): Promise<string[]> =>
  z
    .array(z.looseObject({ iface: z.string() }))
    .parse(await client.get(`/nodes/${node}/network${query}`))
    .map(({ iface }) => iface)

describe('the network devices of a node', () => {
  test('are its plain bridge, which is up, with an address of its own', async () => {
    expect(await api.client.get('/nodes/pve2/network')).toEqual([
      expect.objectContaining({ iface: 'vmbr0', type: 'bridge', active: 1, cidr: '198.18.66.2/24' }),
    ])
  })

  test('are vnets too where they are asked for, and nothing of types that it has not', async () => {
    expect(await names('?type=include_sdn')).toEqual(['vmbr0', 'vnet101'])
    expect(await names('?type=any_bridge')).toEqual(['vmbr0', 'vnet101'])
    expect(await names('?type=any_local_bridge')).toEqual(['vmbr0'])
    expect(await names('?type=vnet')).toEqual(['vnet101'])
    expect(await names('?type=bond')).toEqual([])
  })

  test('are shown to whoever may use no bridge, but not as bridges to use', async () => {
    const made = await api.client.post('/access/users/root@pam/token/few', { privsep: 1 })
    const { value } = z.object({ value: z.string() }).parse(made)
    const few = createClient(api.url, `root@pam!few=${value}`)
    expect(await names('', 'pve1', few)).toEqual(['vmbr0'])
    expect(await names('?type=any_local_bridge', 'pve1', few)).toEqual([])
  })
})
