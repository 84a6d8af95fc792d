/** What a body says: texts, lists and groups of them, as PHP sees a form or a JSON object. */
type Field = string | number | boolean | null | readonly Field[] | { readonly [name: string]: Field }
export type Fields = { readonly [name: string]: Field }

/** Reads a form (`a=1&b[c]=2&d[]=3`) as PHP does. */
export function parseForm(text: string): Fields {
  const fields: Group = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const [head = '', ...inner] = name.replaceAll(']', '').split('[')
    put(fields, [head, ...inner], value)
  }
  return fields
}

/** The members of a JSON object; undefined for anything else. */
export function parseJsonObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isGroup(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A field as text: numbers and booleans as PHP prints them, empty where it is absent or no single value. */
export function textOf(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A field as a list of texts; a single value is a list of one. */
export function listOf(fields: Fields, name: string): string[] {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.flatMap((item) => (typeof item === 'string' || typeof item === 'number' ? [String(item)] : []))
}

/** A field that has fields of its own; empty where it is none. */
export function groupOf(fields: Fields, name: string): Fields {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return isGroup(value) ? value : {}
}

type Group = { [name: string]: string | string[] | Group }

function put(group: Group, [name = '', ...inner]: string[], value: string): void {
  if (name === '__proto__') return
  const before = Object.hasOwn(group, name) ? group[name] : undefined
  if (inner.length === 0) group[name] = value
  else if (inner[0] === '') group[name] = [...(Array.isArray(before) ? before : []), value]
  else {
    const child = before !== undefined && typeof before !== 'string' && !Array.isArray(before) ? before : {}
    group[name] = child
    put(child, inner, value)
  }
}

function isGroup(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
