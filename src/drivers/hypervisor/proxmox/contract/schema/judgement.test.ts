import { expect, it } from 'vitest'
import type { ApiSchema } from './document.ts'
import type { Exchange } from './exchange.ts'
import { judge } from './judgement.ts'

const vmid = { type: 'integer', minimum: 100, maximum: 999_999_999 }
const net = {
  type: 'string',
  optional: 1,
  format: {
    model: { type: 'string', enum: ['virtio', 'e1000'], default_key: 1 },
    macaddr: { type: 'string', format: 'mac-addr', optional: 1 },
    virtio: { alias: 'macaddr', keyAlias: 'model' },
    bridge: { type: 'string', optional: 1, format: 'pve-bridge-id' },
    link_down: { type: 'boolean', optional: 1 },
  },
}
const schema: ApiSchema = {
  defs: { 'net[n]': net },
  endpoints: [
    {
      method: 'PUT',
      path: '/nodes/{node}/qemu/{vmid}/config',
      parameters: {
        node: { type: 'string', format: 'pve-node' },
        vmid,
        'net[n]': { $ref: '#/defs/net[n]' },
        onboot: { type: 'boolean', optional: 1 },
        digest: { type: 'string', maxLength: 4, optional: 1 },
      },
      returns: { type: 'null' },
    },
    {
      method: 'GET',
      path: '/cluster/nextid',
      parameters: { vmid: { ...vmid, optional: 1 } },
      returns: { type: 'integer' },
    },
    {
      method: 'GET',
      path: '/nodes/{node}/qemu',
      parameters: { node: { type: 'string' } },
      returns: {
        type: 'array',
        items: {
          type: 'object',
          properties: { vmid, template: { type: 'boolean', optional: 1 }, name: { type: 'string', optional: 1 } },
        },
      },
    },
    {
      method: 'POST',
      path: '/nodes/{node}/qemu/{vmid}/agent/exec',
      parameters: { node: { type: 'string' }, vmid, command: { type: 'array', items: { type: 'string' } } },
      returns: { type: 'object' },
    },
  ],
}

const config = '/nodes/pve1/qemu/9101/config'
const exchange = (method: string, path: string, more: Partial<Exchange> = {}): Exchange => {
  return { method, path, parameters: {}, status: 200, data: null, ...more }
}
const wrongRequest = (parameters: Record<string, unknown>) =>
  judge(schema, exchange('PUT', config, { parameters })).request.map(({ where, what }) => `${where}: ${what}`)
const wrongReply = (path: string, data: unknown) =>
  judge(schema, exchange('GET', path, { data })).reply?.map(({ where, what }) => `${where}: ${what}`)

it('finds nothing to say to a request that the schema describes', () => {
  const parameters = { net0: 'virtio=BC:24:11:00:00:01,bridge=vnet101,link_down=1', onboot: '1' }
  expect(judge(schema, exchange('PUT', config, { parameters }))).toEqual({
    endpoint: 'PUT /nodes/{node}/qemu/{vmid}/config',
    isKnown: true,
    request: [],
    reply: [],
    isCoerced: false,
  })
})

it.each([
  [{ nonsense: '1' }, 'nonsense: is not a parameter of the schema'],
  [{ onboot: 'true' }, 'onboot: expected boolean, came string'],
  [{ net0: 'virtio=BC:24:11:00:00:01,nope=1' }, 'net0: nope is not a key of the schema'],
  [{ net0: 'virtio=01:24:11:00:00:01' }, 'net0.macaddr: expected format mac-addr'],
  [{ net0: 'bridge=vmbr0' }, 'net0: expected model, came none'],
  [{ net0: 'virtio=BC:24:11:00:00:01,link_down=yes' }, 'net0.link_down: expected boolean, came string'],
  [{ digest: '12345' }, 'digest: expected at most 4 characters'],
  [{ vmid: '99' }, 'vmid: expected at least 100, came less'],
])('says what is wrong with %j', (parameters, text) => {
  expect(wrongRequest(parameters)).toEqual([text])
})

it('misses what is not there', () => {
  const { request } = judge(schema, exchange('POST', '/nodes/pve1/qemu/9101/agent/exec'))
  expect(request).toEqual([{ where: 'command', what: 'is missing' }])
})

it('takes a form key that came once for a list of one', () => {
  const parameters = { command: 'true' }
  expect(judge(schema, exchange('POST', '/nodes/pve1/qemu/9101/agent/exec', { parameters })).request).toEqual([])
})

it('coerces replies as documented, and counts that', () => {
  const nextid = judge(schema, exchange('GET', '/cluster/nextid', { data: '100' }))
  expect([nextid.reply, nextid.isCoerced]).toEqual([[], true])
  const list = judge(schema, exchange('GET', '/nodes/pve1/qemu', { data: [{ vmid: 9101, template: '', name: null }] }))
  expect([list.reply, list.isCoerced]).toEqual([[], true])
  expect(judge(schema, exchange('GET', '/cluster/nextid', { data: 100 })).isCoerced).toBe(false)
})

it('says what is wrong with a reply', () => {
  expect(wrongReply('/cluster/nextid', 'next')).toEqual([': expected integer, came string'])
  expect(wrongReply('/nodes/pve1/qemu', [{ vmid: 9101, name: 7 }, {}])).toEqual([
    '[].name: expected string, came number',
    '[]: expected vmid, came nothing',
  ])
  expect(wrongReply('/nodes/pve1/qemu', {})).toEqual([': expected an array, came object'])
})

it('has nothing to say to a refusal, to an unknown endpoint, and to a reply that is only "an object"', () => {
  expect(judge(schema, exchange('GET', '/cluster/nextid', { status: 400, data: null })).reply).toBeNull()
  expect(judge(schema, exchange('GET', '/nope')).isKnown).toBe(false)
  const exec = exchange('POST', '/nodes/pve1/qemu/9101/agent/exec', {
    parameters: { command: ['true'] },
    data: { pid: 1 },
  })
  expect(judge(schema, exec).reply).toBeNull()
})
