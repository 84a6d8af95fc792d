import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withTexts } from '../configuration/xml-edit.ts'
import { openConfigStore } from './config-store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-store-'))
  file = join(folder, 'config.xml')
  writeFileSync(file, '<opnsense><system><hostname>fw1</hostname></system></opnsense>')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('a change is written with its revision, and what others wrote meanwhile is not lost', async () => {
  const store = openConfigStore(file, () => new Date('2026-07-26T20:45:31.5Z'))
  writeFileSync(file, '<opnsense><theirs>1</theirs></opnsense>')
  await Promise.all([
    store.change((root) => withTexts(root, { ours: '2' }), 'first'),
    store.change((root) => withTexts(root, { also: '3' }), 'second', 'root@192.168.1.5'),
  ])
  expect(readFileSync(file, 'utf8')).toMatch(/<theirs>1<[^]*<ours>2<[^]*<also>3</)
  expect(store.revision()).toEqual({ time: '1785098731.5000', username: 'root@192.168.1.5', description: 'second' })
})

it('a change that fails leaves the file as it was, and the next one is done', async () => {
  const store = openConfigStore(file, () => new Date(0))
  const failing = store.change(() => {
    throw new Error('no such rule')
  }, 'bad')
  await expect(failing).rejects.toThrow('no such rule')
  await store.change((root) => root, 'good')
  expect(store.revision().description).toBe('good')
  expect(store.read().children[0]?.name).toBe('system')
})
