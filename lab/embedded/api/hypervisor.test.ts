import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from 'node:http'
import { once } from 'node:events'
import { z } from 'zod'
import { startFakeApi, type FakeApi } from '../fixture/api.ts'
import { createClient, type Client } from '../fixture/client.ts'

let api: FakeApi
let client: Client
const vm = '/nodes/pve1/qemu/9101'

beforeAll(async () => {
  api = await startFakeApi(['pve1', 'pve2'])
  client = api.client
})

afterAll(() => api.close())

const newFault = async (fault: object): Promise<void> => {
  const body = JSON.stringify({ fault })
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  expect((await client.send('POST', '/firedrill/faults', { headers, body })).status).toBe(200)
}
const clearFaults = (): Promise<unknown> => client.remove('/firedrill/faults')

async function restricted(tokenid: string, roles: Record<string, string>): Promise<Client> {
  const made = await client.post(`/access/users/root@pam/token/${tokenid}`, { privsep: 1 })
  for (const [path, role] of Object.entries(roles)) {
    await client.put('/access/acl', { path, roles: role, tokens: `root@pam!${tokenid}` })
  }
  const { value } = z.object({ value: z.string() }).parse(made)
  return createClient(api.url, `root@pam!${tokenid}=${value}`)
}

describe('privileges', () => {
  test('a missing one is a 403 with its name and path, for a VM that does not exist too', async () => {
    const few = await restricted('few', { '/vms/9101': 'PVEAuditor' })
    expect(await few.refusal('POST', `${vm}/status/stop`)).toMatchObject({
      status: 403,
      reason: 'Permission check failed (/vms/9101, VM.PowerMgmt)',
    })
    expect(await few.refusal('GET', '/nodes/pve1/qemu/9999/config')).toMatchObject({
      status: 403,
      reason: 'Permission check failed (/vms/9999, VM.Audit)',
    })
    expect(await few.get('/nodes/pve1/qemu')).toHaveLength(1)
    expect(await few.get('/access/permissions')).toEqual({ '/vms/9101': { 'VM.Audit': 1, ...auditor } })
  })

  test('a NIC needs the use of its bridge, old and new', async () => {
    const few = await restricted('nic', { '/vms/9101': 'PVEVMAdmin', '/sdn/zones/fdlab': 'PVESDNUser' })
    const net0 = 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=0'
    expect((await few.refusal('PUT', `${vm}/config`, { net0 })).reason).toBe(
      'Permission check failed (/sdn/zones/localnetwork/vmbr0, SDN.Use)',
    )
  })

  test('what is root alone fails for every token', async () => {
    expect(await client.refusal('PUT', `${vm}/config`, { skiplock: 1 })).toMatchObject({
      status: 400,
      body: { errors: { skiplock: 'Only root may use this option.' } },
    })
    expect(await client.refusal('PUT', `${vm}/config`, { args: '-x' })).toMatchObject({
      status: 500,
      reason: "only root can set 'args' config",
    })
  })

  test('a ticket needs the CSRF header for changes, tokens are refused where a ticket is needed, wrong passwords cost 3 s', async () => {
    expect(
      (await client.refusal('POST', '/access/ticket', { username: 'root@pam', password: api.password })).status,
    ).toBe(403)
    const body = new URLSearchParams({ username: 'root@pam', password: api.password }).toString()
    const headers = {
      authorization: undefined,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(body.length),
    }
    const answer = await client.send('POST', '/access/ticket', { headers, body })
    const { data } = z
      .object({ data: z.object({ ticket: z.string(), CSRFPreventionToken: z.string() }) })
      .parse(answer.body)
    const cookie = { authorization: undefined, cookie: `PVEAuthCookie=${encodeURIComponent(data.ticket)}` }
    expect((await client.send('GET', '/version', { headers: cookie })).status).toBe(200)
    expect((await client.send('POST', `${vm}/status/stop`, { headers: cookie })).reason).toBe(
      'Permission denied - invalid csrf token',
    )
    expect(
      (
        await client.send('POST', `${vm}/status/stop`, {
          headers: { ...cookie, csrfpreventiontoken: data.CSRFPreventionToken },
        })
      ).status,
    ).toBe(200)
    const junk = { cookie: 'PVEAuthCookie=junk' }
    expect((await client.send('GET', '/version', { headers: junk })).status).toBe(401)
  })
})

const auditor = Object.fromEntries(
  ['Datastore.Audit', 'Mapping.Audit', 'Pool.Audit', 'SDN.Audit', 'Sys.Audit', 'VM.GuestAgent.Audit'].map((each) => [
    each,
    1,
  ]),
)

describe('locks', () => {
  test('a lock in the configuration refuses at once, naming itself', async () => {
    await newFault({ kind: 'config-locked', vmid: 9101, lock: 'backup' })
    expect((await client.refusal('PUT', `${vm}/config`, { cores: 2 })).reason).toBe('VM is locked (backup)')
    expect(await client.finish(await client.post(`${vm}/status/start`))).toBe('VM is locked (backup)')
    const found = api.cluster.vms.get(9101)
    delete found?.config['lock']
    await clearFaults()
  })

  test('a held lock file is waited for 10 s, then refused', async () => {
    await newFault({ kind: 'lock-held', vmid: 9101, forMs: 10_500 })
    const startedAt = performance.now()
    expect((await client.refusal('PUT', `${vm}/config`, { cores: 2 })).reason).toBe(
      "can't lock file '/var/lock/qemu-server/lock-9101.conf' - got timeout",
    )
    expect(performance.now() - startedAt).toBeGreaterThan(9900)
    await clearFaults()
  })

  test('a lost update is refused', async () => {
    expect((await client.refusal('PUT', `${vm}/config`, { cores: 2, digest: 'a'.repeat(40) })).reason).toBe(
      'checksum mismatch (file change by other user?)',
    )
  })
})

describe('the fault board', () => {
  test('loses the reply before or after the call is executed', async () => {
    await newFault({ kind: 'lost-reply', method: 'POST', path: '/pools$', when: 'before' })
    await expect(client.post('/pools', { poolid: 'lost' })).rejects.toThrow(/hang up|ECONNRESET/)
    expect(api.cluster.pools.has('lost')).toBe(false)
    await newFault({ kind: 'lost-reply', method: 'POST', path: '/pools$', when: 'after' })
    await expect(client.post('/pools', { poolid: 'lost' })).rejects.toThrow(/hang up|ECONNRESET/)
    expect(api.cluster.pools.has('lost')).toBe(true)
    await clearFaults()
  })

  test('hits the nth call only', async () => {
    await newFault({ kind: 'status', status: 596, path: '/version', nth: 2 })
    const statuses = []
    for (let round = 0; round < 3; round += 1) statuses.push((await client.send('GET', '/version')).status)
    expect(statuses).toEqual([200, 596, 200])
    await clearFaults()
  })

  test('lets a task vanish without a verdict, or end as it says', async () => {
    await newFault({ kind: 'task-without-verdict', type: 'qmstop' })
    expect(await client.finish(await client.post(`${vm}/status/stop`))).toBe('unexpected status')
    await newFault({ kind: 'task-ends', type: 'qmstop', exitStatus: 'WARNINGS: 1' })
    expect(await client.finish(await client.post(`${vm}/status/stop`))).toBe('WARNINGS: 1')
    await clearFaults()
  })

  test('takes a node down: 595, and without half of the votes writes fail, stop and reads do not', async () => {
    await newFault({ kind: 'node-down', node: 'pve2', delayMs: 50 })
    expect(await client.refusal('GET', '/nodes/pve2/qemu')).toMatchObject({ status: 595, text: '' })
    expect(await client.get('/cluster/status')).toContainEqual(expect.objectContaining({ type: 'cluster', quorate: 0 }))
    expect((await client.refusal('PUT', `${vm}/config`, { cores: 2 })).reason).toMatch(
      /^unable to open file '\/etc\/pve\/nodes\/pve1\/qemu-server\/9101\.conf\.tmp\.\d+' - Permission denied$/,
    )
    expect(await client.finish(await client.post(`${vm}/status/start`))).toBe('cluster not ready - no quorum?')
    expect(await client.finish(await client.post(`${vm}/status/stop`))).toBe('OK')
    await clearFaults()
  })
})

describe('software-defined networks', () => {
  test('edits stay pending until they are applied, need the lock of whoever holds it, and can be dropped', async () => {
    const lock = z.string().parse(await client.post('/cluster/sdn/lock'))
    expect(
      (await client.refusal('POST', '/cluster/sdn/zones', { zone: 'fd0', type: 'vlan', bridge: 'vmbr0' })).reason,
    ).toBe('invalid lock token provided')
    await client.post('/cluster/sdn/zones', { zone: 'fd0', type: 'vlan', bridge: 'vmbr0', 'lock-token': lock })
    expect(await client.get('/cluster/sdn/zones?pending=1')).toContainEqual(
      expect.objectContaining({ zone: 'fd0', state: 'new' }),
    )
    expect(await client.get('/cluster/sdn/zones?running=1')).toHaveLength(1)
    await client.post('/cluster/sdn/rollback', { 'lock-token': lock })
    expect(await client.get('/cluster/sdn/zones')).toHaveLength(1)
    expect((await client.refusal('POST', '/cluster/sdn/lock')).status).toBe(500)
    await client.remove('/cluster/sdn/lock', { 'lock-token': lock })
  })

  test('the task of an apply ends OK although no node has the bridge; the nodes say so', async () => {
    await client.post('/cluster/sdn/zones', { zone: 'bad', type: 'vlan', bridge: 'vmbr9' })
    await client.post('/cluster/sdn/vnets', { vnet: 'bad1', zone: 'bad', tag: 7 })
    expect(await client.finish(await client.put('/cluster/sdn'))).toBe('OK')
    expect(await client.get('/nodes/pve1/sdn/zones')).toContainEqual({ zone: 'bad', status: 'error' })
    expect(await client.get('/nodes/pve1/sdn/zones/bad/content')).toEqual([
      { vnet: 'bad1', status: 'error', statusmsg: 'missing vmbr9' },
    ])
    expect((await client.refusal('DELETE', '/cluster/sdn/zones/bad')).reason).toContain('zone bad is used by vnet bad1')
  })

  test('a node that cannot reload shows in its own task, not in the one of the apply', async () => {
    await newFault({ kind: 'reload-fails', node: 'pve2' })
    expect(await client.finish(await client.put('/cluster/sdn'))).toBe('OK')
    await expect
      .poll(() => client.get('/cluster/tasks'))
      .toContainEqual(
        expect.objectContaining({
          type: 'srvreload',
          node: 'pve2',
          status: "command 'ifreload -a' failed: exit code 1",
        }),
      )
    await clearFaults()
  })
})

test('an existing pool is refused, which makes it a lock; one with members cannot be deleted', async () => {
  await client.post('/pools', { poolid: 'firedrill-x', comment: '{"owner":"a"}' })
  expect((await client.refusal('POST', '/pools', { poolid: 'firedrill-x' })).reason).toBe(
    "create pool failed: pool 'firedrill-x' already exists",
  )
  await client.put('/pools', { poolid: 'firedrill-x', vms: 9101 })
  expect((await client.refusal('DELETE', '/pools', { poolid: 'firedrill-x' })).reason).toContain('is not empty')
  await client.put('/pools', { poolid: 'firedrill-x', vms: 9101, delete: 1 })
  await client.remove('/pools', { poolid: 'firedrill-x' })
})

test('nextid reserves nothing and refuses a VMID that is taken', async () => {
  expect([await client.get('/cluster/nextid'), await client.get('/cluster/nextid')]).toEqual(['100', '100'])
  expect((await client.refusal('GET', '/cluster/nextid', { vmid: 9101 })).status).toBe(400)
})

test('an HA-managed VM is started by a task that is over before anything has happened, and not deleted without purge', async () => {
  await client.post('/cluster/ha/resources', { sid: 'vm:9101', state: 'stopped' })
  expect(await client.get(`${vm}/status/current`)).toMatchObject({ ha: { managed: 1 } })
  expect(await client.post(`${vm}/status/start`)).toContain(':hastart:9101:')
  expect((await client.refusal('DELETE', vm)).status).toBe(500)
  await client.remove('/cluster/ha/resources/vm:9101')
})

test('a protected or running VM is not destroyed', async () => {
  await client.put(`${vm}/config`, { protection: 1 })
  expect((await client.refusal('DELETE', vm)).reason).toBe("can't remove VM 9101 - protection mode enabled")
  await client.put(`${vm}/config`, { delete: 'protection' })
})

test('plain HTTP on the port is sent to HTTPS: 301 for GET, 308 for the others', async () => {
  for (const [method, status] of [
    ['GET', 301],
    ['POST', 308],
  ] as const) {
    const outgoing = request(api.url.replace('https', 'http'), { method })
    outgoing.end()
    const answer = z.tuple([z.object({ statusCode: z.number() })]).parse(await once(outgoing, 'response'))[0]
    expect(answer.statusCode).toBe(status)
  }
})
