import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Parameters of a call; a repeated option is a list. */
export type Parameters = Record<string, string | string[]>

/** Asks the node's REST server as root; the `data` of its answer. Throws what it refuses with. */
export async function call(method: string, path: string, parameters: Parameters = {}): Promise<unknown> {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) for (const each of [value].flat()) form.append(name, each)
  const isInQuery = method === 'GET' || method === 'DELETE'
  const query = isInQuery && form.size > 0 ? `?${form.toString()}` : ''
  const { status, reason, text } = await send(method, `/api2/json${path}${query}`, isInQuery ? '' : form.toString())
  const body: unknown = text === '' ? {} : JSON.parse(text)
  if (status === 200) return fieldOf(body, 'data')
  const errors = fieldOf(body, 'errors')
  const details = typeof errors === 'object' && errors !== null ? Object.entries(errors) : []
  const message = fieldOf(body, 'message')
  const lines = details.map(([name, complaint]) => `${name}: ${String(complaint).trim()}`)
  throw new Error([typeof message === 'string' ? message.trim() : reason, ...lines].join('\n'))
}

/** The node's own name. */
export const nodeName = (): string => process.env['FIREDRILL_NODE'] ?? 'localhost'

/** Waits for a task; throws its error. */
export async function waitForTask(upid: string): Promise<void> {
  const path = `/nodes/${upid.split(':')[1]}/tasks/${encodeURIComponent(upid)}/status`
  for (;;) {
    const exit = fieldOf(await call('GET', path), 'exitstatus')
    if (exit === 'OK' || (typeof exit === 'string' && exit.startsWith('WARNINGS'))) return
    if (typeof exit === 'string') throw new Error(exit)
    await sleep(50)
  }
}

/** `--net0 X -tags=Y` and the words that are no options. */
export function readOptions(words: readonly string[]): { plain: string[]; options: Parameters } {
  const plain: string[] = []
  const options: Parameters = {}
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const option = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(word)
    if (!option) {
      plain.push(word)
      continue
    }
    const [, name = '', inline] = option
    const next = words[at + 1]
    const isFlag = inline === undefined && (next === undefined || /^--?[a-zA-Z]/.test(next))
    const value = inline ?? (isFlag ? '1' : (next ?? ''))
    if (inline === undefined && !isFlag) at += 1
    const before = options[name]
    options[name] = before === undefined ? value : [before, value].flat()
  }
  return { plain, options }
}

/** One field of an object that came from outside. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

function send(method: string, path: string, body: string): Promise<{ status: number; reason: string; text: string }> {
  const headers =
    body === ''
      ? {}
      : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: '/run/pvedaemon.sock', method, path, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', text }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
