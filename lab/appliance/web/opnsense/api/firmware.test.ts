import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { ask, jsonOf } from '../../client.fixture.ts'
import { keys } from '../../accounts.fixture.ts'
import { fakeFirewall, siteOf } from '../../fake-firewall.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-release-'))
const releaseFile = join(folder, 'release')

afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

it('an upgrade is found, makes the next release, and reboots', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const fake = fakeFirewall('opnsense', '25.7')
  fake.firewall.releaseFile = releaseFile
  const site = siteOf(fake)
  const call = async (method: string, action: string) =>
    jsonOf(await ask(site, method, `/api/core/firmware/${action}`, { key: keys.all }))

  expect(await call('GET', 'status')).toMatchObject({ status: 'none', product: { product_version: '25.7' } })
  expect(await call('POST', 'status')).toMatchObject({ status: 'upgrade', upgrade_major_version: '26.1' })
  expect(await call('POST', 'upgrade')).toMatchObject({ status: 'ok' })
  expect(await call('GET', 'running')).toEqual({ status: 'busy' })
  expect(await call('GET', 'upgradestatus')).toMatchObject({ status: 'running' })
  await vi.advanceTimersByTimeAsync(1700)
  expect(await call('GET', 'upgradestatus')).toMatchObject({ status: 'reboot' })
  expect(readFileSync(releaseFile, 'utf8')).toBe('opnsense-26.1\n')
  await vi.advanceTimersByTimeAsync(1000)
  expect(fake.done).toEqual(['reboot'])
})

it('after the last release there is none', async () => {
  const site = siteOf(fakeFirewall('opnsense', '26.7'))
  const call = async (method: string, action: string) =>
    jsonOf(await ask(site, method, `/api/core/firmware/${action}`, { key: keys.all }))
  expect(await call('POST', 'status')).toMatchObject({ status: 'none' })
  await call('POST', 'upgrade')
  expect(await call('GET', 'upgradestatus')).toMatchObject({ status: 'done' })
})

it('a reboot is asked for by POST and comes after the answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const fake = fakeFirewall('opnsense', '25.7')
  const reply = await ask(siteOf(fake), 'POST', '/api/core/system/reboot', { key: keys.all })
  expect([jsonOf(reply), fake.done]).toEqual([{ status: 'ok' }, []])
  await vi.advanceTimersByTimeAsync(500)
  expect(fake.done).toEqual(['reboot'])
})
