import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { askOverHttps } from './fixture/https-client.ts'
import { type LabProcess, startLabProcess } from '../../embedded/fixture/lab-process.ts'

const topology = join(import.meta.dirname, '../../topologies/opnsense-single-wan.yaml')
const pfsenseTopology = join(import.meta.dirname, '../../topologies/pfsense-dmz.yaml')
const vipStatus = '/api/diagnostics/interface/get_vip_status'
const maintenance = '/api/diagnostics/interface/carp_status/maintenance'
// Hash of `secret`.
const hash = '$6$firedrill$xIYXWuttSzq4neTDky8WAWAefj3k1soCO4EzysHEw2SN4/mcOKrQPFMU7KvytZmVEnDT5ZHnkmU.xwG0G9fH61'
const user = `<user><name>root</name><uid>0</uid><password>${hash}</password><apikeys><item><key>key</key><secret>${hash}</secret></item></apikeys></user>`

const statusSchema = z.object({
  rows: z.array(z.object({ status: z.string() })),
  carp: z.object({ demotion: z.string(), maintenancemode: z.boolean() }),
})

let lab: LabProcess

afterEach(() => lab.end())

it('a pair is asked, switched and upgraded through the relayed ports, out of band', async () => {
  lab = await startLabProcess(topology)
  await Promise.all(['fw1', 'fw2'].map((machine) => lab.power(machine, 'start')))
  for (const machine of ['fw1', 'fw2']) await addUser(machine)
  await expect.poll(states).toEqual(['MASTER', 'BACKUP'])

  expect(await call('fw1', 'POST', maintenance)).toMatchObject({ body: { action: 'enter_maintenance' } })
  await expect.poll(states).toEqual(['BACKUP', 'MASTER'])
  expect(await status('fw1')).toMatchObject({ carp: { demotion: '240', maintenancemode: true } })
  expect((await lab.run('fw1', 'sysctl -n net.inet.carp.demotion')).output).toBe('240\n')
  expect(await call('fw1', 'POST', maintenance)).toMatchObject({ body: { action: 'leave_maintenance' } })
  await expect.poll(states).toEqual(['MASTER', 'BACKUP'])

  // Whatever happens to its network, the firewall answers there.
  await lab.run('fw1', 'for nic in vtnet0 vtnet1 vtnet2; do ip link set $nic down; done')
  expect(await status('fw1')).toMatchObject({ rows: [{ status: 'INIT' }] })

  const before = (await call('fw2', 'GET', vipStatus)).fingerprint
  const seen = (
    await lab.run(
      'fw2',
      'openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256',
    )
  ).output
  expect(seen.trim().split('=')[1]).toBe(before)
  await call('fw2', 'POST', '/api/core/firmware/upgrade')
  const information = () => call('fw2', 'GET', '/api/diagnostics/system/system_information').catch(() => undefined)
  await expect.poll(information, { timeout: 20_000 }).toMatchObject({
    body: { versions: ['OPNsense 26.1-amd64', 'FreeBSD 14.3-RELEASE-p7', 'OpenSSL 3.0.18'] },
    fingerprint: before,
  })
})

it('the peer is asked for its version and takes the configuration, CARP addresses with skew + 100', async () => {
  lab = await startLabProcess(topology)
  await Promise.all(['fw1', 'fw2'].map((machine) => lab.power(machine, 'start')))
  for (const machine of ['fw1', 'fw2']) await addUser(machine)
  const sync = '<synchronizetoip>10.103.0.3</synchronizetoip><username>root</username><syncitems>virtualip</syncitems>'
  await lab.run(
    'fw1',
    `sed -i 's|<hasync>|<hasync>${sync}<password>secret</password>|; s|LAN VIP|pushed|' /conf/config.xml`,
  )
  expect((await call('fw1', 'GET', '/api/core/hasync_status/version')).body).toMatchObject({
    response: { firmware: { version: '25.7', _my_version: '25.7' } },
  })
  expect((await call('fw1', 'POST', '/api/core/hasync_status/restart_all')).body).toEqual({ status: 'ok', count: 3 })
  expect((await lab.run('fw2', 'cat /conf/config.xml')).output).toMatch(
    /<advskew>100<\/advskew>[^]*<descr>pushed<\/descr>[^]*<description>Merged in config/,
  )
  await lab.run('fw1', "sed -i 's|<password>secret|<password>wrong|' /conf/config.xml")
  expect((await call('fw1', 'GET', '/api/core/hasync_status/version')).body).toMatchObject({ status: 'error' })
})

it('a pfSense pair is asked and switched by its REST package', async () => {
  lab = await startLabProcess(pfsenseTopology)
  const ids = Object.keys(lab.target.machines)
  const start = async (machine: string) => {
    const upid = await lab.api.post(`/nodes/pve1/qemu/${9101 + ids.indexOf(machine)}/status/start`)
    expect(await lab.api.finish(upid)).toBe('OK')
    await addUser(machine)
  }
  await Promise.all(['fw1', 'fw2'].map(start))
  const masters = async () => {
    const readings = ['fw1', 'fw2'].map((machine) => call(machine, 'GET', '/api/v2/firewall/virtual_ips'))
    return (await Promise.all(readings)).map(({ text }) => text.match(/"carp_status":"master"/g)?.length ?? 0)
  }
  await expect.poll(masters).toEqual([3, 0])
  const patch = (maintenance_mode: boolean) =>
    call('fw1', 'PATCH', '/api/v2/status/carp', { enable: true, maintenance_mode })
  expect((await patch(true)).body).toMatchObject({ data: { enable: true, maintenance_mode: true } })
  await expect.poll(masters).toEqual([0, 3])
  expect((await lab.run('fw1', 'ifconfig vtnet1')).output).toContain('advskew 254')
  await patch(false)
  await expect.poll(masters).toEqual([3, 0])
})

it('with a revoked key the API says 401 while the WebGUI is there', async () => {
  lab = await startLabProcess(topology, ['--defect', 'fw1:api-key-revoked'])
  await lab.power('fw1', 'start')
  await addUser('fw1')
  expect(await call('fw1', 'GET', vipStatus)).toMatchObject({ status: 401 })
  expect((await call('fw1', 'GET', '/')).text).toContain('id="usernamefld"')
})

// The predefined lab's firewalls have no user for the API.
async function addUser(machine: string): Promise<void> {
  await expect.poll(async () => (await lab.run(machine, 'ls /run/https.sock')).status).toBe(0)
  const { status: failed } = await lab.run(machine, `sed -i 's|<system>|<system>${user}|' /conf/config.xml`)
  expect(failed).toBe(0)
}

async function call(machine: string, method: 'GET' | 'POST' | 'PATCH', path: string, json?: object) {
  const url = lab.target.machines[machine]?.api?.url ?? ''
  return askOverHttps(`${url}${path}`, { method, key: keyFor(path), json })
}

function keyFor(path: string): string | undefined {
  if (path.startsWith('/api/v2/')) return 'root:secret'
  return path.startsWith('/api/') ? 'key:secret' : undefined
}

async function status(machine: string): Promise<z.output<typeof statusSchema>> {
  return statusSchema.parse((await call(machine, 'GET', vipStatus)).body)
}

async function states(): Promise<(string | undefined)[]> {
  return Promise.all(['fw1', 'fw2'].map(async (machine) => (await status(machine)).rows[0]?.status))
}
