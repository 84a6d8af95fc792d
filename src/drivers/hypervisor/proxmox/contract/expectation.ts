import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Answer, Call } from './call.ts'

/** The endpoint behaved otherwise than the contract says. */
export class ContractBroken extends Error {
  override readonly name = 'ContractBroken'
}

/** A case cannot be carried out here, which says nothing against the endpoint. */
export class NotRun extends Error {
  override readonly name = 'NotRun'
}

/** Throws unless the two are the same, compared as JSON. */
export function expectSame(what: string, expected: unknown, came: unknown): void {
  if (JSON.stringify(expected) !== JSON.stringify(came))
    throw broken(what, JSON.stringify(expected), JSON.stringify(came))
}

/** Throws unless the text matches. */
export function expectText(what: string, expected: RegExp, came: string): void {
  if (!expected.test(came)) throw broken(what, String(expected), came === '' ? 'nothing' : came)
}

/** Throws unless it holds. */
export function expectThat(what: string, holds: boolean, came: unknown = 'otherwise'): void {
  if (!holds) throw new ContractBroken(`${what}, came ${typeof came === 'string' ? came : JSON.stringify(came)}`)
}

/** Throws unless the answer is this refusal. */
export function expectRefusal(what: string, answer: Answer, status: number, text: RegExp): void {
  expectSame(`${what}: status`, status, answer.status)
  expectText(what, text, answer.text)
}

/** `data` of an answer that has to be a success, parsed. A missing right is no fault of the endpoint. */
export function dataOf<T>(what: string, schema: z.ZodType<T>, answer: Answer): T {
  if (answer.status === 403) throw new NotRun(`the token lacks a right: ${answer.text}`)
  if (answer.status !== 200) throw broken(what, '200', `${answer.status} ${answer.text}`)
  const read = schema.safeParse(answer.data)
  if (!read.success) throw broken(what, 'a reply that can be read', read.error.issues[0]?.message ?? 'another')
  return read.data
}

/** How a call ended: `OK` (or `WARNINGS: n`), else the words of its refusal or of its failed task. */
export async function outcomeOf(call: Call, signal: AbortSignal, answer: Answer): Promise<string> {
  if (answer.status === 403) throw new NotRun(`the token lacks a right: ${answer.text}`)
  if (answer.status !== 200) return answer.text
  const upid = z.string().safeParse(answer.data)
  if (!upid.success || !upid.data.startsWith('UPID:')) return 'OK'
  const node = upid.data.split(':')[1] ?? ''
  for (;;) {
    await sleep(250, undefined, { signal })
    const status = await call('GET', `/nodes/${node}/tasks/${encodeURIComponent(upid.data)}/status`)
    const task = dataOf('task status', taskSchema, status)
    if (task.status === 'stopped') return task.exitstatus ?? 'no verdict'
  }
}

const taskSchema = z.object({ status: z.string(), exitstatus: z.string().nullish() })

const broken = (what: string, expected: string, came: string) =>
  new ContractBroken(`${what}: expected ${expected}, came ${came}`)
