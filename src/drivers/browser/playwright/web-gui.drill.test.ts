import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../ports/clock.ts'
import { type ScriptedWebGui, startScriptedWebGui } from './fixture/scripted-web-gui.ts'
import { type WebGui, type WebGuiAccess, connectWebGui } from './web-gui.ts'

const { signal } = new AbortController()
/** Twenty times as fast as the world, so that what waits 10 s for an effect is done in half a second. */
const clock: Clock = {
  nowMs: () => performance.now() * 20,
  sleep: async (ms, stop) => await delay(ms / 20, undefined, { signal: stop }),
}
const opened: { close(): Promise<void> | void }[] = []
let server: ScriptedWebGui

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close()
})

async function start(product: WebGuiAccess['product']): Promise<void> {
  server = await startScriptedWebGui(product)
  opened.push(server)
}

function guiOf(product: WebGuiAccess['product'], changes: Partial<WebGuiAccess> = {}): WebGui {
  const fingerprint = async () => server.fingerprint
  const login = async () => ({ user: 'root', password: 's3cret' })
  const gui = connectWebGui({ fw1: { product, url: server.url, fingerprint, login, ...changes } }, clock)
  opened.push(gui)
  return gui
}

describe.each(['OPNsense', 'pfSense'] as const)('the WebGUI of %s', (product) => {
  beforeEach(async () => await start(product))

  test('is read, put into maintenance mode and back, each only once, and pictured', async () => {
    const { haReader, maintenance, pages } = guiOf(product)
    const known = product === 'OPNsense' ? { nic: 'vtnet1', advskew: 0 } : { nic: 'LAN', advskew: null }
    expect(await haReader.read('fw1', signal)).toMatchObject({
      vhids: [{ vhid: 1, state: 'MASTER', ...known }],
      demotion: 0,
      allow: true,
      maintenance: false,
      problem: null,
    })
    if (product === 'pfSense') server.node.press = (node, wanted) => (node.maintenance = wanted === 'enable')
    const interval = await maintenance.enter('fw1', signal)
    expect(interval.ackedMs).toBeGreaterThan(interval.sentMs)
    await maintenance.enter('fw1', signal)
    expect(server.node).toMatchObject({ maintenance: true, presses: 1 })
    const image = Buffer.from(await pages.carpStatus('fw1', signal))
    expect(image.subarray(1, 4).toString()).toBe('PNG')
    await maintenance.leave('fw1', signal)
    await maintenance.leave('fw1', signal)
    expect(server.node).toMatchObject({ maintenance: false, presses: 2 })
  })

  test('says in its own words that a password is wrong', async () => {
    const { haReader } = guiOf(product, { login: async () => ({ user: 'root', password: 'guess' }) })
    await expect(haReader.read('fw1', signal)).rejects.toMatchObject({
      message: 'fw1: the WebGUI does not let root in: Wrong username or password.',
      kind: 'unauthenticated',
    })
  })

  test('gets nothing, not even a login, under another certificate', async () => {
    const other = Array.from({ length: 32 }, () => '5A').join(':')
    const { haReader } = guiOf(product, { fingerprint: async () => other })
    await expect(haReader.read('fw1', signal)).rejects.toMatchObject({ kind: 'other-certificate' })
    expect(server.requests).toEqual([])
  })
})

test('a pfSense that stays as it is when its button is pressed is an error', async () => {
  await start('pfSense')
  server.node.press = () => {}
  await expect(guiOf('pfSense').maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'no-effect' })
})

test('a demotion that stays after maintenance mode is an error', async () => {
  await start('OPNsense')
  server.node.maintenance = true
  server.node.demotion = 240
  server.node.press = (node) => (node.maintenance = false)
  await expect(guiOf('OPNsense').maintenance.leave('fw1', signal)).rejects.toMatchObject({ kind: 'demotion-stuck' })
})

test('a toggle that somebody else pressed in between is one clear error, and is not pressed back', async () => {
  await start('OPNsense')
  server.node.press = (node) => {
    node.maintenance = false // it was set by the other a moment ago, so this press unset it
    node.demotion = 0
  }
  await expect(guiOf('OPNsense').maintenance.enter('fw1', signal)).rejects.toMatchObject({ kind: 'toggle-race' })
  expect(server.node.presses).toBe(1)
})

test('a maintenance flag that is lost while the demotion stays is told from one that was never set', async () => {
  await start('OPNsense')
  server.node.press = (node) => {
    node.maintenance = true
    node.demotion = 240
    setTimeout(() => (node.maintenance = false), 5)
  }
  await expect(guiOf('OPNsense').maintenance.enter('fw1', signal)).rejects.toMatchObject({
    kind: 'maintenance-flag-lost',
  })
})

test('an abort ends what the browser does, and the next use opens another', async () => {
  await start('OPNsense')
  const { haReader } = guiOf('OPNsense')
  const stop = new AbortController()
  const reading = haReader.read('fw1', stop.signal)
  setTimeout(() => stop.abort(new Error('enough')), 300)
  await expect(reading).rejects.toThrow('enough')
  expect(await haReader.read('fw1', signal)).toMatchObject({ allow: true })
})

test('a node without a WebGUI in the target file is named', async () => {
  await start('OPNsense')
  await expect(guiOf('OPNsense').haReader.read('fw2', signal)).rejects.toThrow('expected a WebGUI for fw2')
})
