import { type ApiSchema, type SchemaEndpoint, type SchemaNode, resolved } from './document.ts'
import { endpointOf, schemaOf } from './endpoint.ts'
import type { Exchange } from './exchange.ts'
import { type Mismatch, isOptional, mismatches } from './mismatch.ts'

/** What the schema says to one exchange. Null: it has nothing to say (an unknown endpoint, a refusal). */
export interface Judgement {
  /** Method and path template. */
  endpoint: string
  isKnown: boolean
  request: Mismatch[]
  /** Null where the reply was a refusal, or the schema says no more than "an object". */
  reply: Mismatch[] | null
  /** Whether the reply fits only after the documented coercions. */
  isCoerced: boolean
}

/** Holds one exchange against the schema: its request always, its reply where there is a schema of it. */
export function judge(schema: ApiSchema, exchange: Exchange): Judgement {
  const { template, values } = endpointOf(exchange.path)
  const endpoint = schemaOf(schema, exchange.method, template)
  const name = `${exchange.method} ${template}`
  if (endpoint === undefined) return { endpoint: name, isKnown: false, request: [], reply: null, isCoerced: false }
  const request = requestMismatches(schema, endpoint, { ...values, ...exchange.parameters })
  const returns = endpoint.returns
  const isTold = returns !== undefined && exchange.status === 200 && saysSomething(returns)
  return {
    endpoint: name,
    isKnown: true,
    request,
    reply: isTold ? mismatches(schema, returns, exchange.data, 'received') : null,
    isCoerced: isTold && mismatches(schema, returns, exchange.data, 'uncoerced').length > 0,
  }
}

function requestMismatches(schema: ApiSchema, endpoint: SchemaEndpoint, given: Record<string, unknown>): Mismatch[] {
  const found = Object.entries(given).flatMap(([name, value]): Mismatch[] => {
    const node = parameterNamed(endpoint, name)
    if (node === undefined) return [{ where: name, what: 'is not a parameter of the schema' }]
    const needed = node.requires
    const lonely = needed !== undefined && !(needed in given) ? [{ where: name, what: `requires ${needed}` }] : []
    return [...mismatches(schema, node, listed(node, value), 'sent', name), ...lonely]
  })
  const missing = Object.keys(endpoint.parameters).filter(
    (name) =>
      !name.endsWith('[n]') && !(name in given) && !isOptional(resolved(schema, endpoint.parameters[name] ?? {})),
  )
  return [...found, ...missing.map((name) => ({ where: name, what: 'is missing' }))]
}

/** A repeated form key is an array; one that came once is an array of one. */
const listed = (node: SchemaNode, value: unknown): unknown =>
  node.type === 'array' && !Array.isArray(value) ? [value] : value

const parameterNamed = ({ parameters }: SchemaEndpoint, name: string): SchemaNode | undefined =>
  parameters[name] ?? parameters[name.replace(/\d+$/, '[n]')]

/** Whether a return schema holds anything that could be checked. */
function saysSomething(node: SchemaNode): boolean {
  if (node.$ref !== undefined) return true
  if (node.type === 'array') return node.items !== undefined && saysSomething(node.items)
  return node.type !== 'object' || Object.keys(node.properties ?? {}).length > 0
}
