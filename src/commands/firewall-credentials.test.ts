import { mkdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCredentials } from '../drivers/firewall/index.ts'
import { targetSchema } from '../model/target.ts'
import { privateFolder, withApis } from './firewall-credentials.ts'

let place: Awaited<ReturnType<typeof privateFolder>>

beforeEach(async () => {
  place = await privateFolder()
})
afterEach(() => place.remove())

const ssh = (host: string) => ({ host, port: 22, user: 'root', hostKey: 'ssh-ed25519 AAAA' })
const material = { apiKey: { key: 'k/+=', secret: 's/+=' }, rootPassword: 'p=w' }
const machine = (image: string) => ({ image, nics: {} })
const lab = { machines: { fw1: machine('opnsense-25.7'), fw2: machine('pfsense-2.8'), client: machine('client') } }
const target = targetSchema.parse({
  url: 'https://127.0.0.1:8006',
  node: 'pve1',
  machines: { 'fw1-i1': { ssh: ssh('127.0.0.1'), api: { url: 'https://127.0.0.1:4443' } } },
})
const machines = { fw1: { ssh: ssh('127.0.0.1') }, fw2: { ssh: ssh('2001:db8::3') }, client: { ssh: ssh('10.0.0.4') } }

test('each firewall of a new lab is reached by its API, as the target file or its management address says', async () => {
  const reached = await withApis({ lab, instance: 1, target, machines, material }, place.folder)
  expect(reached['fw1']?.api?.url).toBe('https://127.0.0.1:4443')
  expect(reached['fw2']?.api?.url).toBe('https://[2001:db8::3]')
  expect(reached['client']).toEqual({ ssh: ssh('10.0.0.4') })
  expect(targetSchema.parse({ ...target, machines: reached }).machines).toEqual(reached)
})

test('their credentials are in files that only their owner can read, and go with their folder', async () => {
  const reached = await withApis({ lab, instance: 1, target, machines, material }, place.folder)
  const [opnsense = '', pfsense = ''] = ['fw1', 'fw2'].map((name) => reached[name]?.api?.credentialsFile)
  expect(await readCredentials(opnsense)).toEqual({
    apiKey: material.apiKey,
    login: { user: 'root', password: 'p=w' },
  })
  expect(await readCredentials(pfsense)).toEqual({ apiKey: null, login: { user: 'admin', password: 'p=w' } })
  expect((await stat(opnsense)).mode & 0o777).toBe(0o600)
  expect((await stat(dirname(opnsense))).mode & 0o777).toBe(0o700)
  await place.remove()
  await expect(readFile(opnsense)).rejects.toThrow('ENOENT')
})

test('machines behind the hypervisor node have no API that could be reached', async () => {
  const behind = { fw1: { ssh: { ...ssh('10.99.0.2'), via: 'node' as const } } }
  const reached = await withApis({ lab, instance: 0, target, machines: behind, material }, place.folder)
  expect(reached['fw1']?.api).toBeUndefined()
})

test('what a killed process left goes with the next lab that is made; what a living one has stays', async () => {
  const left = join(tmpdir(), 'firedrill-private-4194399-left') // above the highest process number there is
  await mkdir(left)
  const other = await privateFolder()
  await expect(stat(left)).rejects.toThrow('ENOENT')
  expect((await stat(place.folder)).isDirectory()).toBe(true)
  await other.remove()
})
