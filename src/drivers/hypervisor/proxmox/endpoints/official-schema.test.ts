import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import * as access from './access.ts'
import * as agent from './agent.ts'
import * as cluster from './cluster.ts'
import * as pools from './pools.ts'
import * as power from './power.ts'
import * as sdn from './sdn.ts'
import * as snapshots from './snapshots.ts'
import * as storage from './storage.ts'
import * as tasks from './tasks.ts'
import * as vms from './vms.ts'

const file = resolve(import.meta.dirname, '../../../../../../shared/reference/pve-api-subset.json')
const isThere = existsSync(file)
const skipped = isThere ? '' : ' (skipped: the official schema ../shared/reference/pve-api-subset.json is not here)'

const parameter = z.looseObject({
  optional: z.union([z.literal(1), z.literal(0)]).optional(),
  $ref: z.string().optional(),
})
const official = z.object({
  endpoints: z.array(
    z.looseObject({
      method: z.string(),
      path: z.string(),
      allowtoken: z.boolean(),
      parameters: z.record(z.string(), parameter),
      returns: z.looseObject({ type: z.string().optional(), properties: z.record(z.string(), z.unknown()).optional() }),
    }),
  ),
})

const schemas = z.record(z.string(), z.instanceof(z.ZodType))
const shape = z.object({
  method: z.string(),
  path: z.string(),
  parameters: z.instanceof(z.ZodObject).transform(({ shape: fields }) => schemas.parse(fields)),
})
const families = [access, agent, cluster, pools, power, sdn, snapshots, storage, tasks, vms]
const endpoints = families.flatMap((family) =>
  Object.values(family).flatMap((value: unknown) => {
    const parsed = shape.safeParse(value)
    return parsed.success ? [parsed.data] : []
  }),
)
const named = endpoints.map((endpoint) => ({ name: `${endpoint.method} ${endpoint.path}`, endpoint }))

function officialOf(method: string, path: string) {
  const { endpoints: all } = official.parse(JSON.parse(readFileSync(file, 'utf8')))
  const found = all.find((one) => one.method === method && one.path === path)
  if (found === undefined) throw new Error(`the official schema knows no ${method} ${path}`)
  return found
}

test('no endpoint is missed here or defined twice', () => {
  expect(named.length).toBeGreaterThan(45)
  expect(new Set(named.map(({ name }) => name)).size).toBe(named.length)
})

test.skipIf(!isThere).each(named)(`$name is as the official schema says${skipped}`, ({ endpoint }) => {
  const { method, path, parameters } = endpoint
  const known = officialOf(method, path)
  const ours = Object.keys(parameters)
  // The file of an upload is a part of its own, added by the transport.
  const sent = path.endsWith('/upload') ? [...ours, 'filename'] : ours
  const isFamily = (name: string) => Object.keys(known.parameters).includes(`${name.replace(/\d+$/, '')}[n]`)
  expect(sent.filter((name) => !(name in known.parameters) && !isFamily(name))).toEqual([])
  const required = Object.entries(known.parameters).filter(([name, { optional, $ref }]) => {
    return optional !== 1 && $ref === undefined && !name.endsWith('[n]')
  })
  const always = sent.filter((name) => !(parameters[name]?.safeParse(undefined).success ?? false))
  expect(always).toEqual(expect.arrayContaining(required.map(([name]) => name)))
})

test.skipIf(!isThere)(`every placeholder of a path is a parameter, and only the login needs no token${skipped}`, () => {
  for (const { method, path, parameters } of endpoints) {
    const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(parameters)).toEqual(expect.arrayContaining(placeholders))
    expect(officialOf(method, path).allowtoken).toBe(path !== '/access/ticket')
  }
})
