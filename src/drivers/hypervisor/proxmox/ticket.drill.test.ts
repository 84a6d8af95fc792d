import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type EmbeddedLab, startEmbeddedLab } from './fixture/embedded-lab.ts'
import { connectProxmox } from './proxmox.ts'

const { signal } = new AbortController()
const clock = {
  nowMs: () => performance.now(),
  sleep: async (ms: number, stop: AbortSignal) => await delay(ms, undefined, { signal: stop }),
}
let lab: EmbeddedLab

beforeAll(async () => {
  lab = await startEmbeddedLab('--release', '8.4')
  vi.stubEnv('FIREDRILL_TEST_WRONG', 'guess')
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await lab.end()
})

async function loggedIn(passwordEnv: string) {
  const { tokenFile: _token, ...target } = lab.target
  const own = { name: 'one', machines: ['fw1'] }
  return await connectProxmox({ target: { ...target, auth: { user: 'root@pam', passwordEnv } }, lab: own, clock })
}

test('a login with a password does what a token does, changes included, on a release before the SDN lock', async () => {
  const driver = await loggedIn(lab.passwordEnv)
  const zone = { zone: 'fdticket', bridge: 'vmbr0' }
  const vnet = { vnet: 'fd998', zone: zone.zone, tag: 998, alias: 'firedrill one lan' }
  const settings = { memory: '64', tags: 'firedrill;one' }
  expect(await driver.version(signal)).toBe('Proxmox VE 8.4.14')
  await driver.pools.createPool('firedrill-one', 'of a test', signal)
  await driver.vms.create({ vmid: 9900, name: 'one-fw1', pool: 'firedrill-one', settings }, signal)
  await driver.sdn.create({ zone, vnets: [vnet] }, signal)
  await driver.start('fw1', signal)
  expect(await driver.powerState('fw1', signal)).toBe('running')
  await driver.stop('fw1', signal)
  expect((await driver.sdn.vnets(signal)).map(({ vnet: id }) => id)).toContain('fd998')
  await driver.sdn.remove({ zone: zone.zone, vnets: [vnet.vnet] }, signal)
  await driver.vms.destroy(9900, signal)
  await driver.pools.removePool('firedrill-one', signal)
  expect(await driver.sdn.zones(signal)).toEqual([])
  await driver.close()
})

test('the guest agent of that release needs the one privilege for all', async () => {
  const driver = await loggedIn(lab.passwordEnv)
  const privileges = Object.values(await driver.privileges.permissions(signal)).flat()
  expect(privileges).toContain('VM.Monitor')
  expect(privileges.filter((privilege) => privilege.startsWith('VM.GuestAgent'))).toEqual([])
  await driver.close()
})

test('a wrong password is one line, and nothing is done', async () => {
  const driver = await loggedIn('FIREDRILL_TEST_WRONG')
  const failure = driver.pools.createPool('firedrill-two', 'of a test', signal)
  await expect(failure).rejects.toMatchObject({ exitCode: 69, kind: 'unauthenticated' })
  await expect(failure).rejects.not.toThrow(/\n|guess/)
  expect(await lab.call('GET', '/pools')).toEqual([])
  await driver.close()
})
