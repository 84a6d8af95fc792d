import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { HarnessError } from '../../../model/failure.ts'
import { type ScriptedFirewall, startScriptedFirewall } from '../fixture/scripted-firewall.ts'
import { type RestAccess, type RestCall, parseAnswer, restClient } from './client.ts'
import { parseCredentials } from './credentials.ts'
import { parseFingerprint } from './fingerprint.ts'

const { signal } = new AbortController()
const clock = { nowMs: () => performance.now(), sleep: async () => {} }
const status: RestCall<{ demotion: string }> = {
  method: 'GET',
  path: '/api/status',
  answer: z.object({ demotion: z.string() }),
  privilege: '"Interfaces: Virtual IPs: Status"',
}
const act = { ...status, method: 'POST' as const }
let firewall: ScriptedFirewall

beforeEach(async () => {
  firewall = await startScriptedFirewall()
})
afterEach(() => firewall.close())

function clientOf(access: RestAccess = firewall.access, learned?: string) {
  return restClient({
    product: 'OPNsense',
    access: { fw1: access },
    authorization: ({ apiKey }) => apiKey && `Basic ${btoa(`${apiKey.key}:${apiKey.secret}`)}`,
    learnFingerprint: async (node) => {
      if (learned === undefined) throw new HarnessError(`no SSH to ${node}`, { exitCode: 69, kind: 'no-fingerprint' })
      return learned
    },
    clock,
  })
}

async function failureOf(call: RestCall<unknown>, access?: RestAccess): Promise<HarnessError> {
  const client = clientOf(access)
  const failure: unknown = await client.call('fw1', call, signal).catch((error: unknown) => error)
  await client.close()
  if (!(failure instanceof HarnessError)) throw new Error(`expected a failure for people, came ${String(failure)}`)
  expect(failure.exitCode).toBe(69)
  expect(failure.message).not.toContain('\n')
  expect(`${failure.message} ${failure.hint}`).not.toMatch(/k3y|s3cret/)
  return failure
}

test('a GET has no content type, a POST without a body sends {}, and both say who asks', async () => {
  firewall.script['GET /api/status'] = { body: { demotion: '0' } }
  firewall.script['POST /api/status'] = { body: { demotion: '240' } }
  const client = clientOf()
  const reply = await client.call('fw1', status, signal)
  await client.call('fw1', act, signal)
  await client.call('fw1', { ...act, form: { rowCount: -1, searchPhrase: 'a b' } }, signal)
  await client.close()
  expect(reply).toMatchObject({ answer: { demotion: '0' } })
  expect(reply.ackedMs).toBeGreaterThanOrEqual(reply.sentMs)
  const [get, post, form] = firewall.seen
  expect(get?.headers).toMatchObject({ authorization: `Basic ${btoa('k3y:s3cret')}` })
  expect(get?.headers['content-type']).toBeUndefined()
  expect(post).toMatchObject({ body: '{}', headers: { 'content-type': 'application/json' } })
  const type = 'application/x-www-form-urlencoded'
  expect(form).toMatchObject({ body: 'rowCount=-1&searchPhrase=a+b', headers: { 'content-type': type } })
})

test('a certificate other than the pinned one hears no byte of a request', async () => {
  const pin = Array.from({ length: 32 }, () => '00').join(':')
  const failure = await failureOf(status, { ...firewall.access, fingerprint: pin })
  expect(failure.message).toContain(`expected the server's certificate to be ${pin}`)
  expect(failure.hint).toContain('machines.fw1.api.fingerprint')
  expect(firewall.seen).toEqual([])
})

test('without a pin the certificate is learnt first; where that fails nothing is sent', async () => {
  const { fingerprint, ...unpinned } = firewall.access
  expect((await failureOf(status, unpinned)).kind).toBe('no-fingerprint')
  expect(firewall.seen).toEqual([])
  firewall.script['GET /api/status'] = { body: { demotion: '0' } }
  const client = clientOf(unpinned, fingerprint)
  await client.call('fw1', status, signal)
  await client.close()
  expect(firewall.seen).toHaveLength(1)
})

test.each([
  [401, { status: 401, message: 'Authentication Failed' }, 'unauthenticated', 'Authentication Failed', 'key= and'],
  [403, { status: 403, message: 'Forbidden' }, 'forbidden', 'Forbidden', '"Interfaces: Virtual IPs: Status"'],
  [404, { errorMessage: 'Endpoint not found' }, 'not-found', 'Endpoint not found', 'nothing about the credentials'],
  [500, { errorMessage: 'Unexpected error' }, 'refused', 'Unexpected error', 'none'],
])('a refusal with %i is one line with what to do about it', async (code, body, kind, said, hint) => {
  firewall.script['GET /api/status'] = { status: code, body }
  const failure = await failureOf(status)
  expect(failure).toMatchObject({ kind, message: `fw1: GET /api/status was refused with ${code}: ${said}` })
  expect(failure.hint ?? 'none').toContain(hint)
})

test.each([
  ['<!doctype html><html><head><title>Login | OPNsense</title>', 'a page of HTML, "Login | OPNsense"'],
  ['<html>', 'a page of HTML'],
  ['', 'an empty answer'],
  ['demotion: 0', '"demotion: 0"'],
  ['{"demotion":"0"', String.raw`"{\"demotion\":\"0\""`],
])('an answer of 200 that says %j is never taken for a status', async (text, described) => {
  firewall.script['GET /api/status'] = { text }
  expect(await failureOf(status)).toMatchObject({
    kind: 'not-json',
    message: `fw1: GET /api/status: expected JSON, came ${described}`,
  })
})

test('a redirection to a login page is not followed', async () => {
  firewall.script['GET /api/status'] = { status: 302, text: '' }
  expect(await failureOf(status)).toMatchObject({ kind: 'not-json' })
  expect(firewall.seen).toHaveLength(1)
})

test('a node that answers too late is one line; of a change it says that it may have happened', async () => {
  firewall.script['GET /api/status'] = null
  firewall.script['POST /api/status'] = null
  const limitMs = 300
  expect((await failureOf({ ...status, limitMs })).message).toBe(
    'expected fw1 to answer GET /api/status within 0.3 s, came nothing',
  )
  expect((await failureOf({ ...act, limitMs })).message).toBe(
    'expected fw1 to answer POST /api/status within 0.3 s, came nothing; it may have been carried out',
  )
})

test('an API that is not there, and one that is not in the target file, are told apart', async () => {
  const failure = await failureOf(status, { ...firewall.access, url: 'https://127.0.0.1:9' })
  expect(failure.kind).toBe('unreachable')
  expect(failure.message).toContain('cannot reach the API of fw1 at https://127.0.0.1:9')
  const client = clientOf()
  await expect(client.call('fw2', status, signal)).rejects.toMatchObject({ kind: 'no-such-role' })
})

test('a credentials file that others can read, or of the other product, is refused before anything is sent', async () => {
  await chmod(firewall.access.credentialsFile, 0o644)
  expect((await failureOf(status)).message).toContain('readable by its owner only, came mode 0644')
  const file = join(firewall.folder, 'login')
  await writeFile(file, 'user=root\npassword=x=y\n', { mode: 0o600 })
  const failure = await failureOf(status, { ...firewall.access, credentialsFile: file })
  expect(failure.message).toContain('expected key= and secret= in')
  expect(firewall.seen).toEqual([])
})

test('credentials are lines of name=value; whatever else is refused without saying a value', () => {
  expect(parseCredentials('key=a/b+c=\r\nsecret= d=\n\nuser=root\npassword=p=q\n', 'f')).toEqual({
    apiKey: { key: 'a/b+c=', secret: 'd=' },
    login: { user: 'root', password: 'p=q' },
  })
  for (const text of ['', 'key=a\n', 'secret=hush\n', 'key=a\nkey=hush\n', 'hush\n', 'key=\nsecret=hush\n']) {
    expect(() => parseCredentials(text, 'f')).toThrow(HarnessError)
    expect(() => parseCredentials(text, 'f')).not.toThrow('hush')
  }
})

test('any text is an answer or a refusal, never a crash', () => {
  const named = { node: 'fw1', call: 'GET /', product: 'OPNsense' as const, privilege: '' }
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(outcomeOf(() => parseAnswer(named, status.answer, text))).toBe('understood or refused')
    }),
  )
})

test('a fingerprint is read from what openssl prints, old and new', () => {
  const bytes = Array.from({ length: 32 }, () => 'AB').join(':')
  expect(parseFingerprint(`sha256 Fingerprint=${bytes}\n`)).toBe(bytes)
  expect(parseFingerprint(`SHA256 Fingerprint=${bytes.toLowerCase()}\n`)).toBe(bytes)
  expect(parseFingerprint(`SHA1 Fingerprint=${bytes.slice(0, 59)}\n`)).toBeNull()
  expect(parseFingerprint('')).toBeNull()
})

function outcomeOf(parse: () => { demotion: string }): string {
  try {
    return typeof parse().demotion === 'string' ? 'understood or refused' : 'half understood'
  } catch (error) {
    return error instanceof HarnessError ? 'understood or refused' : String(error)
  }
}
