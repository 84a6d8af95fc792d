/** A property of unparsed data; undefined where there is none. */
export function get(data: unknown, key: string): unknown {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, key) ? Reflect.get(data, key) : undefined
}

/** The entries of a map in unparsed data. */
export function entries(data: unknown): [string, unknown][] {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.entries(data) : []
}

/** The items of a list in unparsed data. */
export function list(data: unknown): unknown[] {
  return Array.isArray(data) ? data : []
}
