import { FormData } from '../../../http/index.ts'
import { z } from 'zod'

/** A value as the API takes it; in forms a list is a repeated key, and booleans are 1 and 0. */
const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
type Value = z.output<typeof valueSchema>

/** Parameters by name; those that are undefined are not sent. */
export const valuesSchema = z.record(z.string(), valueSchema.optional())
export type Values = z.output<typeof valuesSchema>

/** A file on its way into a storage. */
export interface Upload {
  fileName: string
  content: Uint8Array
}

/** Fills a path's placeholders, percent-encoded, and gives back what is left for query or body. */
export function fillPath(template: string, values: Values): { path: string; rest: [string, Value][] } {
  const used = new Set<string>()
  const path = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    used.add(name)
    return encodeURIComponent(String(values[name] ?? ''))
  })
  const rest = Object.entries(values).flatMap(([name, value]): [string, Value][] =>
    value === undefined || used.has(name) ? [] : [[name, value]],
  )
  return { path, rest }
}

/** `application/x-www-form-urlencoded`, for query and body alike; a space is `%20`, which every decoder reads. */
export function encodeForm(values: readonly [string, Value][]): string {
  const form = new URLSearchParams()
  for (const [name, value] of values) for (const item of listOf(value)) form.append(name, scalar(item))
  return form.toString().replaceAll('+', '%20')
}

export const encodeJson = (values: readonly [string, Value][]): string => JSON.stringify(Object.fromEntries(values))

/** Multipart with the file last and named `filename`: the server ignores fields after it. Sized, so its length is exact. */
export function encodeUpload(values: readonly [string, Value][], { fileName, content }: Upload): FormData {
  const form = new FormData()
  for (const [name, value] of values) form.append(name, scalar(value))
  form.append('filename', new Blob([Uint8Array.from(content)]), fileName)
  return form
}

const listOf = (value: Value): Value[] => (Array.isArray(value) ? value : [value])
const scalar = (value: Value): string => (typeof value === 'boolean' ? (value ? '1' : '0') : String(value))
