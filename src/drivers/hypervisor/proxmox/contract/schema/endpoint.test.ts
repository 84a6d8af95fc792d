import { expect, it } from 'vitest'
import { endpointOf } from './endpoint.ts'

it.each([
  ['/version', '/version', {}],
  ['/nodes/pve1/qemu/9101/config', '/nodes/{node}/qemu/{vmid}/config', { node: 'pve1', vmid: '9101' }],
  [
    '/nodes/pve1/qemu/9101/agent/exec-status',
    '/nodes/{node}/qemu/{vmid}/agent/exec-status',
    { node: 'pve1', vmid: '9101' },
  ],
  [
    '/nodes/a/tasks/UPID%3Aa%3A00%3Aroot%40pam%21x%3A/log',
    '/nodes/{node}/tasks/{upid}/log',
    { node: 'a', upid: 'UPID:a:00:root@pam!x:' },
  ],
  [
    '/nodes/a/storage/local/content/local%3Aiso%2Fx.iso',
    '/nodes/{node}/storage/{storage}/content/{volume}',
    { node: 'a', storage: 'local', volume: 'local:iso/x.iso' },
  ],
  ['/nodes/a/sdn/zones/fd0/content', '/nodes/{node}/sdn/zones/{zone}/content', { node: 'a', zone: 'fd0' }],
  ['/cluster/sdn/vnets/fd66', '/cluster/sdn/vnets/{vnet}', { vnet: 'fd66' }],
  ['/pools/lab', '/pools/{poolid}', { poolid: 'lab' }],
])('%s is an endpoint with its values', (path, template, values) => {
  expect(endpointOf(path)).toEqual({ template, values })
})
