import { createHash } from 'node:crypto'

/** XML as data: a key is an element, `@name` an attribute, an array a repeated element. */
export type Section = { [name: string]: string | Section | Section[] | string[] }

/** The identifier that OPNsense gives to entries of lists, made from what the entry is so that it never changes by itself. */
export function uuidOf(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('/')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
