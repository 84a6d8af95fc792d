import { z } from 'zod'
import { maxMistakes } from './document.ts'
import type { DocumentPath, Mistake } from './mistake.ts'
import { nearestName, shortened, unknownName } from './nearest.ts'

type Issue = z.core.$ZodIssue

/** What a schema has against a document, with the nearest valid name for every unknown key or word. */
export function schemaMistakes(schema: z.ZodType, data: unknown): Mistake[] {
  const parsed = schema.safeParse(data)
  if (parsed.success) return []
  const issues = parsed.error.issues.slice(0, maxMistakes)
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const mistyped = new Set(issues.flatMap((issue) => meantKeys(issue, shape)))
  return issues
    .filter((issue) => !(valueAt(data, issue.path) === undefined && mistyped.has(JSON.stringify(issue.path))))
    .flatMap((issue) => toMistakes(issue, shape, data))
}

/** The paths of the keys that unknown keys most likely meant: that those are missing too is no second mistake. */
function meantKeys(issue: Issue, shape: unknown): string[] {
  if (issue.code !== 'unrecognized_keys') return []
  const valid = keysAt(shape, issue.path)
  return issue.keys.slice(0, maxMistakes).map((key) => JSON.stringify([...issue.path, nearestName(key, valid)]))
}

function toMistakes(issue: Issue, shape: unknown, data: unknown): Mistake[] {
  if (issue.code === 'unrecognized_keys') {
    const valid = keysAt(shape, issue.path)
    return issue.keys.slice(0, maxMistakes).map((key) => ({
      path: [...issue.path, key],
      at: 'key' as const,
      message: unknownName('a known key', key, valid),
    }))
  }
  if (issue.code === 'invalid_key') return [{ path: issue.path, at: 'key', message: innerMessage(issue) }]
  const given = valueAt(data, issue.path)
  if (issue.code === 'invalid_value') return [valueMistake(issue.path, issue.values.map(String), given)]
  const message = messageOf(issue)
    .replace(/^Invalid input: /, '')
    .replace(/, received .*$/, '')
  return [{ path: issue.path, at: 'value', message: `${named(issue.path, given)}${message}${got(given)}` }]
}

/** Where none of several shapes fits, what the first of them has against the value itself. */
function messageOf(issue: Issue): string {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return issue.message
  return issue.errors.flat().find(({ path }) => path.length === 0)?.message ?? issue.message
}

function valueMistake(path: DocumentPath, valid: string[], given: unknown): Mistake {
  const text = typeof given === 'string' ? given : (JSON.stringify(given) ?? 'nothing')
  return { path, at: 'value', message: unknownName(`one of ${valid.join(', ')}`, text, valid) }
}

function innerMessage(issue: Extract<Issue, { code: 'invalid_key' }>): string {
  return `${issue.issues[0]?.message ?? issue.message}, got "${String(issue.path.at(-1))}"`
}

/** A missing value has no place of its own, so its key is named. */
function named(path: DocumentPath, given: unknown): string {
  return given === undefined && path.length > 0 ? `${String(path.at(-1))}: ` : ''
}

function got(given: unknown): string {
  if (given === undefined) return ', got nothing'
  return typeof given === 'object' && given !== null ? '' : `, got ${shortened(JSON.stringify(given))}`
}

function valueAt(data: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, key) => child(value, key), data)
}

/** The keys that the JSON Schema allows at a path; walks properties, additional properties, items and alternatives. */
function keysAt(shape: unknown, path: DocumentPath): string[] {
  const nodes = path.reduce<unknown[]>((reached, key) => reached.flatMap((node) => below(node, key)), [shape])
  return nodes.flatMap((node) => alternatives(node)).flatMap((node) => keysOf(child(node, 'properties')))
}

function keysOf(node: unknown): string[] {
  return typeof node === 'object' && node !== null ? Object.keys(node) : []
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

function child(node: unknown, key: PropertyKey): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined
}
