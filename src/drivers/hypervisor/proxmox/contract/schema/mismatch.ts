import { type ApiSchema, type SchemaNode, resolved } from './document.ts'
import { passes } from './named-format.ts'

/** Where a value differs from the schema, and how; `where` is a path like `net0.bridge`, empty for the value itself. */
export interface Mismatch {
  where: string
  what: string
}

/**
 * `sent`: as forms and JSON carry parameters. `received`: after the documented coercions: numeric strings, 0 and 1, null for absent.
 * `uncoerced`: a reply as it came.
 */
type Direction = 'sent' | 'received' | 'uncoerced'

/** All that is wrong with a value that should fit a node of the schema. */
export function mismatches(
  schema: ApiSchema,
  given: SchemaNode,
  value: unknown,
  direction: Direction,
  where = '',
): Mismatch[] {
  const node = resolved(schema, given)
  const inner = (child: SchemaNode, part: unknown, name: string | number) =>
    mismatches(schema, child, part, direction, where === '' ? String(name) : `${where}.${name}`)
  if (node.type === 'array') return inArray(node, value, where, inner)
  if (node.type === 'object' || node.properties !== undefined)
    return inObject(schema, node, value, direction, where, inner)
  const wrong = wrongScalar(node, value, direction)
  if (wrong !== null) return [{ where, what: wrong }]
  return typeof node.format === 'object' && typeof value === 'string'
    ? inString(schema, node.format, value, where, inner)
    : []
}

type Inner = (child: SchemaNode, part: unknown, name: string | number) => Mismatch[]

function inArray(node: SchemaNode, value: unknown, where: string, inner: Inner): Mismatch[] {
  if (!Array.isArray(value)) return [{ where, what: `expected an array, came ${kindOf(value)}` }]
  const items = node.items
  return items === undefined ? [] : value.flatMap((part: unknown) => inner(items, part, '[]'))
}

function inObject(
  schema: ApiSchema,
  node: SchemaNode,
  value: unknown,
  direction: Direction,
  where: string,
  inner: Inner,
): Mismatch[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ where, what: `expected an object, came ${kindOf(value)}` }]
  const found: Mismatch[] = []
  const given = new Map<string, unknown>(Object.entries(value))
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    if (name.endsWith('[n]')) continue
    const part = given.get(name)
    if (part !== undefined && !(part === null && direction === 'received')) found.push(...inner(child, part, name))
    else if (!isOptional(resolved(schema, child))) found.push({ where, what: `expected ${name}, came ${kindOf(part)}` })
  }
  if (node.additionalProperties !== 0) return found
  const unknown = [...given.keys()].filter((name) => node.properties?.[name] === undefined)
  return [...found, ...unknown.map((name) => ({ where, what: `${name} is not in the schema` }))]
}

/** A property string, like `virtio=MAC,bridge=vmbr0`. */
function inString(
  schema: ApiSchema,
  format: Record<string, SchemaNode>,
  text: string,
  where: string,
  inner: Inner,
): Mismatch[] {
  const mainKey = Object.keys(format).find((key) => format[key]?.default_key === 1)
  const seen = new Set<string>()
  const found = text.split(',').flatMap((part): Mismatch[] => {
    const [key, value] = part.includes('=')
      ? [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]
      : [mainKey ?? '', part]
    const { alias, keyAlias } = format[key] ?? {}
    const child = format[alias ?? key]
    for (const name of [key, alias, keyAlias]) if (name !== undefined) seen.add(name)
    return child === undefined
      ? [{ where, what: `${key || part} is not a key of the schema` }]
      : inner(child, value, alias ?? key)
  })
  const missing = Object.keys(format).filter(
    (key) => !seen.has(key) && !isOptional(resolved(schema, format[key] ?? {})) && format[key]?.alias === undefined,
  )
  return [...found, ...missing.map((key) => ({ where, what: `expected ${key}, came none` }))]
}

function wrongScalar(node: SchemaNode, value: unknown, direction: Direction): string | null {
  if (value === null && direction === 'received' && (node.type === 'null' || isOptional(node))) return null
  const what = wrongType(node.type, value, direction)
  if (what !== null) return what
  if (node.type === 'integer' || node.type === 'number') return wrongRange(node, Number(value))
  return typeof value === 'string' ? wrongText(node, value) : null
}

function wrongType(type: string | undefined, value: unknown, direction: Direction): string | null {
  if (direction === 'uncoerced' && ['integer', 'number', 'boolean'].includes(type ?? '')) {
    const isNative = typeof value === (type === 'boolean' ? 'boolean' : 'number')
    return isNative ? null : `expected ${type}, came ${kindOf(value)}`
  }
  const text = typeof value === 'number' ? String(value) : value
  const fits: Readonly<Record<string, () => boolean>> = {
    null: () => value === null,
    string: () => typeof value === 'string',
    integer: () => typeof text === 'string' && /^-?\d+$/.test(text),
    number: () => typeof text === 'string' && text !== '' && Number.isFinite(Number(text)),
    boolean: () =>
      typeof value === 'boolean' || text === '0' || text === '1' || (direction === 'received' && text === ''),
  }
  if (type === undefined || type === 'any' || fits[type]?.() !== false) return null
  return `expected ${type}, came ${kindOf(value)}`
}

function wrongRange({ minimum, maximum }: SchemaNode, value: number): string | null {
  if (minimum !== undefined && value < Number(minimum)) return `expected at least ${minimum}, came less`
  if (maximum !== undefined && value > Number(maximum)) return `expected at most ${maximum}, came more`
  return null
}

function wrongText(node: SchemaNode, text: string): string | null {
  if (node.enum?.includes(text) === false) return `expected one of ${node.enum.join(', ')}, came another`
  if (node.maxLength !== undefined && text.length > node.maxLength)
    return `expected at most ${node.maxLength} characters`
  if (node.minLength !== undefined && text.length < node.minLength)
    return `expected at least ${node.minLength} characters`
  if (node.pattern !== undefined && !fromPerl(node.pattern).test(text)) return 'expected another pattern'
  if (typeof node.format === 'string' && !passes(node.format, text)) return `expected format ${node.format}`
  return null
}

function fromPerl(pattern: string): RegExp {
  const plain = pattern
    .replaceAll(/\(\?\^\w*:/g, '(?:')
    .replaceAll('(?>', '(?:')
    .replaceAll('{,', '{0,')
  return new RegExp(`^(?:${plain})$`, pattern.includes('(?^i:') ? 'i' : '')
}

export const isOptional = (node: SchemaNode): boolean => node.optional === 1

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'an array' : value === undefined ? 'nothing' : typeof value
