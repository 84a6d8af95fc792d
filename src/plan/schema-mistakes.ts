import { z } from 'zod'
import type { DocumentPath, Mistake } from './mistake.ts'
import { unknownName } from './nearest.ts'

type Issue = z.core.$ZodIssue

/** What a schema has against a document, with the nearest valid name for every unknown key or word. */
export function schemaMistakes(schema: z.ZodType, data: unknown): Mistake[] {
  const parsed = schema.safeParse(data, { reportInput: true })
  if (parsed.success) return []
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return parsed.error.issues.flatMap((issue) => toMistakes(issue, shape))
}

function toMistakes(issue: Issue, shape: unknown): Mistake[] {
  if (issue.code === 'unrecognized_keys') {
    const valid = keysAt(shape, issue.path)
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      at: 'key' as const,
      message: unknownName('a known key', key, valid),
    }))
  }
  if (issue.code === 'invalid_key') return [{ path: issue.path, at: 'key', message: innerMessage(issue) }]
  if (issue.code === 'invalid_value') return [valueMistake(issue.path, issue.values.map(String), issue.input)]
  return [{ path: issue.path, at: 'value', message: `${lowerFirst(issue.message)}${got(issue)}` }]
}

function valueMistake(path: DocumentPath, valid: string[], input: unknown): Mistake {
  const given = typeof input === 'string' ? input : (JSON.stringify(input) ?? 'nothing')
  return { path, at: 'value', message: unknownName(`one of ${valid.join(', ')}`, given, valid) }
}

function innerMessage(issue: Extract<Issue, { code: 'invalid_key' }>): string {
  return `${issue.issues[0]?.message ?? issue.message}, got "${String(issue.path.at(-1))}"`
}

function got(issue: Issue): string {
  const input: unknown = issue.input
  if (input === undefined) return issue.message.includes('received') ? '' : ', got nothing'
  return typeof input === 'object' ? '' : `, got ${JSON.stringify(input)}`
}

function lowerFirst(message: string): string {
  return message.replace(/^Invalid input: /, '')
}

/** The keys that the JSON Schema allows at a path; walks properties, additional properties, items and alternatives. */
function keysAt(shape: unknown, path: DocumentPath): string[] {
  const nodes = path.reduce<unknown[]>((reached, key) => reached.flatMap((node) => below(node, key)), [shape])
  return nodes.flatMap((node) => alternatives(node)).flatMap((node) => Object.keys(child(node, 'properties') ?? {}))
}

function below(node: unknown, key: PropertyKey): unknown[] {
  return alternatives(node).flatMap((schema) => {
    if (typeof key === 'number') return [child(schema, 'items')]
    const properties = child(schema, 'properties')
    return [child(properties, String(key)) ?? child(schema, 'additionalProperties')]
  })
}

function alternatives(node: unknown): unknown[] {
  const options = child(node, 'anyOf')
  return Array.isArray(options) ? [node, ...options.flatMap(alternatives)] : [node]
}

function child(node: unknown, key: string): object | undefined {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
  const value: unknown = Reflect.get(node, key)
  return typeof value === 'object' && value !== null ? value : undefined
}
