import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { htmlReply } from './exchange.ts'
import { servedBy, startWebProcess, type WebProcess } from './web-process.ts'

const request = { method: 'GET', url: '/', path: '/', query: new URLSearchParams(), headers: {}, body: '' }
let folder: string
let running: WebProcess

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-web-'))
  running = startWebProcess('opnsense', folder)
})
afterEach(() => {
  running.kill()
  rmSync(folder, { recursive: true, force: true })
})

/** Sends a signal to the process by its command line, which nothing else has. */
const signal = (name: string) => execFileSync('pkill', [`-${name}`, '-f', `^${folder}/lighttpd infinity`])

it('while the process stands still nothing is answered, afterwards all of it', async () => {
  const site = servedBy(running, () => htmlReply('page'))
  expect(await site(request)).toMatchObject({ status: 200 })
  signal('STOP')
  await expect.poll(() => running.isStill()).toBe(true)
  let isAnswered = false
  const later = Promise.resolve(site(request)).then((reply) => {
    isAnswered = true
    return reply
  })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(isAnswered).toBe(false)
  signal('CONT')
  expect(await later).toMatchObject({ body: 'page' })
})

it('the end of the process is told', async () => {
  signal('TERM')
  await running.ended
  expect(running.isStill()).toBe(false)
})
