import { z } from 'zod'
import { HarnessError, exitCodes } from '../../../../model/failure.ts'
import { type StorageFacts, own } from './bench.ts'
import type { Call } from './call.ts'
import type { Options } from './options.ts'
import { looseNumber } from './own-vm.ts'

const text = z.string().nullish()
const vmList = z.array(
  z.object({
    vmid: looseNumber.nullish(),
    name: text,
    tags: text,
    pool: text,
    node: text,
    type: text,
    template: z.unknown(),
  }),
)

/** A VM that an earlier run of the suite left, by its marks. */
export interface Leftover {
  vmid: number
  name: string
  node: string
}

/** All VMs of the suite in its range. Throws where the range holds anything else: that is not ours to touch. */
export async function ownVms(call: Call, { vmids }: Pick<Options, 'vmids'>): Promise<Leftover[]> {
  const listed = await read('the list of VMs', vmList, call, '/cluster/resources', { type: 'vm' })
  const inRange = listed.flatMap((vm) => {
    const vmid = vm.vmid ?? 0
    return vmid >= vmids.first && vmid <= vmids.last ? [{ ...vm, vmid }] : []
  })
  const foreign = inRange.find(({ name, tags, pool }) => !isOwn(name ?? '', tags ?? '', pool ?? ''))
  if (foreign === undefined)
    return inRange.map(({ vmid, name, node }) => ({ vmid, name: name ?? '', node: node ?? '' }))
  throw unavailable(
    `VMID ${foreign.vmid} is taken by ${foreign.name ?? 'something without a name'}`,
    'give a range that holds nothing else',
  )
}

/** Throws where a VMID is taken by something that the token does not even see. */
export async function expectFree(call: Call, vmids: readonly number[]): Promise<void> {
  for (const vmid of vmids) {
    const answer = await call('GET', '/cluster/nextid', { vmid })
    if (answer.status === 200) continue
    throw unavailable(`VMID ${vmid} is not free: ${answer.text}`, 'give a range that holds nothing else')
  }
}

/** What the given storage can hold. Throws where it cannot be used on the node. */
export async function readStorage(call: Call, { node, storage }: Options): Promise<StorageFacts | null> {
  if (storage === undefined) return null
  const schema = z.object({ type: z.string(), content: z.string(), active: z.unknown() })
  const path = `/nodes/${node}/storage/${encodeURIComponent(storage)}/status`
  const { type, content } = await read(`storage ${storage}`, schema, call, path)
  return { name: storage, type, content: content.split(',') }
}

/** Throws unless the node is there and online. */
export async function expectNode(call: Call, node: string): Promise<void> {
  const nodes = await read('the list of nodes', z.array(z.object({ node: z.string(), status: text })), call, '/nodes')
  const found = nodes.find((each) => each.node === node)
  if (found?.status === 'online') return
  const known = nodes.map((each) => each.node).join(', ')
  throw unavailable(
    `expected node ${node} to be online, came ${found?.status ?? 'no such node'}`,
    `its nodes are ${known}`,
  )
}

/** `data` of a GET that has to succeed before anything begins. */
async function read<T>(what: string, schema: z.ZodType<T>, call: Call, path: string, parameters = {}): Promise<T> {
  const answer = await call('GET', path, parameters)
  const parsed = schema.safeParse(answer.data)
  if (answer.status === 200 && parsed.success) return parsed.data
  throw unavailable(
    `cannot read ${what}: ${answer.status} ${answer.text}`,
    'is this a Proxmox VE from 8.4 on, may the token read it?',
  )
}

/** The cluster knows pool and tags of a new VM at once, its name only after up to 10 s. */
const isOwn = (name: string, tags: string, pool: string) =>
  (name === '' || name.startsWith(`${own.lab}-`)) && (pool === own.pool || tags.split(/[;, ]/).includes(own.lab))

const unavailable = (message: string, hint: string) =>
  new HarnessError(message, { exitCode: exitCodes.unavailable, hint })
