import { z } from 'zod'
import { endpoint } from '../transport/endpoint.ts'
import { looseText, nothing, optionalNumber, optionalText } from '../transport/reply.ts'
import { node, onNode, sdnId, text, yes } from './parameter.ts'
import { upid } from './tasks.ts'

const locked = z.object({ 'lock-token': text.optional() })
const releasing = locked.extend({ 'release-lock': yes })
const listing = z.object({ pending: yes, running: yes })
/** An object with its edit that is not applied yet: what that does to it, and the values that it changes. */
const editable = <Values extends z.ZodRawShape>(values: Values) =>
  z.object({
    ...values,
    state: z.enum(['new', 'changed', 'deleted']).nullish(),
    pending: z.object(values).partial().nullish(),
  })

const zone = editable({ bridge: optionalText, type: optionalText, nodes: optionalText, peers: optionalText })
export const listZones = endpoint({
  method: 'GET',
  path: '/cluster/sdn/zones',
  parameters: listing,
  reply: z.array(zone.extend({ zone: looseText })),
})

export const createZone = endpoint({
  method: 'POST',
  path: '/cluster/sdn/zones',
  parameters: locked.extend({
    type: z.enum(['vlan', 'vxlan']),
    zone: sdnId,
    bridge: text.optional(),
    peers: text.optional(),
    nodes: text.optional(),
  }),
  reply: nothing,
})

export const deleteZone = endpoint({
  method: 'DELETE',
  path: '/cluster/sdn/zones/{zone}',
  parameters: locked.extend({ zone: sdnId }),
  reply: nothing,
})

/** Of a deleted object all values are empty, of a changed one those that are gone are `deleted`. */
const optionalTag = z.union([optionalNumber, z.literal(['', 'deleted']).transform(() => undefined)])
const vnet = editable({ zone: optionalText, tag: optionalTag, alias: optionalText })
export const listVnets = endpoint({
  method: 'GET',
  path: '/cluster/sdn/vnets',
  parameters: listing,
  reply: z.array(vnet.extend({ vnet: looseText })),
})

export const listSubnets = endpoint({
  method: 'GET',
  path: '/cluster/sdn/vnets/{vnet}/subnets',
  parameters: listing.extend({ vnet: text }),
  reply: z.array(editable({}).extend({ subnet: optionalText })),
})

/** The tag is that of a VLAN, up to 4096, or the key of a tunnel. */
export const createVnet = endpoint({
  method: 'POST',
  path: '/cluster/sdn/vnets',
  parameters: locked.extend({ vnet: sdnId, zone: sdnId, tag: z.int().min(1).max(16_777_215), alias: text }),
  reply: nothing,
})

export const deleteVnet = endpoint({
  method: 'DELETE',
  path: '/cluster/sdn/vnets/{vnet}',
  parameters: locked.extend({ vnet: sdnId }),
  reply: nothing,
})

/** Applies everything that is pending, from everybody. Its task ends OK even where nodes failed. */
export const applySdn = endpoint({
  method: 'PUT',
  path: '/cluster/sdn',
  parameters: releasing,
  reply: upid,
  task: ['reloadnetworkall'],
})

/** 9.0 and later. The lock never expires. */
export const lockSdn = endpoint({
  method: 'POST',
  path: '/cluster/sdn/lock',
  parameters: z.object({ 'allow-pending': yes }),
  reply: looseText,
})

export const unlockSdn = endpoint({
  method: 'DELETE',
  path: '/cluster/sdn/lock',
  parameters: locked.extend({ force: yes }),
  reply: nothing,
})

/** 9.0 and later. */
export const rollbackSdn = endpoint({
  method: 'POST',
  path: '/cluster/sdn/rollback',
  parameters: releasing,
  reply: nothing,
})

/** What a node has made of the applied zones. */
export const listNodeZones = endpoint({
  method: 'GET',
  path: '/nodes/{node}/sdn/zones',
  parameters: onNode,
  reply: z.array(z.object({ zone: looseText, status: z.enum(['available', 'pending', 'error']) })),
})

export const listNodeVnets = endpoint({
  method: 'GET',
  path: '/nodes/{node}/sdn/zones/{zone}/content',
  parameters: z.object({ node, zone: sdnId }),
  reply: z.array(z.object({ vnet: looseText, status: optionalText, statusmsg: optionalText })),
})
