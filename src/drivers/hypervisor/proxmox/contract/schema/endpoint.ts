import type { ApiSchema, SchemaEndpoint } from './document.ts'

/** Parts of a path that name something, in the schema's words: what comes before them tells what they are. */
const placeholders: readonly [before: RegExp, name: string][] = [
  [/^\/nodes$/, 'node'],
  [/\/qemu$/, 'vmid'],
  [/\/tasks$/, 'upid'],
  [/\/snapshot$/, 'snapname'],
  [/\/storage$/, 'storage'],
  [/\/content$/, 'volume'],
  [/^\/pools$/, 'poolid'],
  [/\/sdn\/zones$/, 'zone'],
  [/\/sdn\/vnets$/, 'vnet'],
  [/\/ha\/resources$/, 'sid'],
]

/** A call's endpoint, like `/nodes/{node}/qemu/{vmid}/config`, and what stands in its placeholders. */
export interface EndpointOfCall {
  template: string
  values: Record<string, string>
}

/** Finds the endpoint of a path below /api2/json, percent-encoded and without a query. */
export function endpointOf(path: string): EndpointOfCall {
  const values: Record<string, string> = {}
  let template = ''
  for (const part of path.split('/').slice(1)) {
    const name = placeholders.find(([before]) => before.test(template))?.[1]
    if (name !== undefined) values[name] = decodeURIComponent(part)
    template += `/${name === undefined ? part : `{${name}}`}`
  }
  return { template, values }
}

/** The schema's entry for an endpoint, if it has one. */
export function schemaOf(schema: ApiSchema, method: string, template: string): SchemaEndpoint | undefined {
  return schema.endpoints.find((endpoint) => endpoint.method === method && endpoint.path === template)
}
