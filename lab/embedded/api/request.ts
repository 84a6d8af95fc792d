import type { IncomingMessage } from 'node:http'
import { parse as parseForm } from 'node:querystring'
import { z } from 'zod'
import { parseUpload } from './multipart.ts'
import { Refusal } from './reply.ts'

/** Parameters as they came, before a route's schema has seen them. */
export type RawParameters = Record<string, unknown>

const bodyLimit = 512 * 1024
// Uploads are kept in memory; the images of a lab are small.
const uploadLimit = 256 * 1024 * 1024
const basePath = '/api2/json'
const methods = ['GET', 'POST', 'PUT', 'DELETE']

/** The path below `/api2/json`, not yet decoded, and the query parameters. */
export function readTarget(request: IncomingMessage): { method: string; path: string; query: RawParameters } {
  const method = request.method ?? ''
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const isKnown = methods.includes(method) && (path === basePath || path.startsWith(`${basePath}/`))
  if (!isKnown) throw notImplemented(method, path.startsWith(basePath) ? path.slice(basePath.length) : path)
  return { method, path: path.slice(basePath.length) || '/', query: readForm(query) }
}

/** 501, which Proxmox VE says instead of 404 and 405. */
export function notImplemented(method: string, path: string): Refusal {
  return new Refusal(501, `Method '${method} ${path}' not implemented`)
}

/** The body's parameters. A body on GET or DELETE, chunked or too large is refused with 501, another content type with 506. */
export async function readBody(request: IncomingMessage): Promise<RawParameters> {
  const { method = '', headers } = request
  if (headers['transfer-encoding'] !== undefined) throw early(501, 'chunked transfer encoding not supported')
  const length = Number(headers['content-length'] ?? 0)
  if (length === 0) return {}
  if (method === 'GET' || method === 'DELETE') throw early(501, `Unexpected content for method '${method}'`)
  if (length > bodyLimit) throw early(501, 'for data too large')
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim()
  const text = await readText(request)
  if (type === 'application/json') return readJson(text)
  if (type === 'application/x-www-form-urlencoded') return readForm(text)
  throw early(506, 'upload/decode request failed')
}

/** An upload: its fields as parameters, `filename` among them, and the file. */
export async function readUpload(request: IncomingMessage): Promise<{ parameters: RawParameters; file: Uint8Array }> {
  const { headers } = request
  if (headers['transfer-encoding'] !== undefined) throw early(501, 'chunked transfer encoding not supported')
  if (Number(headers['content-length'] ?? 0) > uploadLimit) throw early(501, 'for data too large')
  const upload = parseUpload(await readBytes(request), headers['content-type'] ?? '')
  if (!upload) throw early(501, 'upload failed')
  return { parameters: { ...upload.fields, filename: upload.fileName }, file: upload.file }
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function readText(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8')
}

const jsonObject = z.record(z.string(), z.unknown())

function readJson(text: string): RawParameters {
  try {
    return jsonObject.parse(JSON.parse(text))
  } catch {
    throw early(500, 'error decoding JSON body')
  }
}

// A repeated key becomes an array; `;` separates pairs as `&` does.
function readForm(text: string): RawParameters {
  return { ...parseForm(text.replaceAll(';', '&')) }
}

function early(status: number, message: string): Refusal {
  return new Refusal(status, message, { isEarly: true })
}
