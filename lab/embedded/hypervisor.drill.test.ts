import { join } from 'node:path'
import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startLabProcess, type LabProcess } from './fixture/lab-process.ts'
import { familyOf, hostTraces, living } from './fixture/traces.ts'

const before = hostTraces()
const qemu = '/nodes/pve1/qemu'
let lab: LabProcess
let template: number

// Two clones of the client's template on one vnet, one of them moved to the second node when a test says so.
beforeAll(async () => {
  lab = await startLabProcess(join(import.meta.dirname, 'fixture/router.yaml'), ['--empty', '--nodes', '2'])
  const { api } = lab
  const vms = z.array(z.object({ vmid: z.number(), name: z.string() })).parse(await api.get(qemu))
  template = vms.find(({ name }) => name === 'firedrill-client')?.vmid ?? 0
  await api.post('/cluster/sdn/zones', { zone: 'fd0', type: 'vlan', bridge: 'vmbr0' })
  await api.post('/cluster/sdn/vnets', { vnet: 'fd5', zone: 'fd0', tag: 5 })
  await api.post('/cluster/sdn/vnets', { vnet: 'fd6', zone: 'fd0', tag: 6 })
  await api.finish(await api.put('/cluster/sdn'))
  await Promise.all([provision(9100, 'client', '10.5.0.1'), provision(9101, 'target', '10.5.0.2')])
})

afterAll(() => lab.end())

const nicOf = (vmid: number, bridge = 'fd5', more = ''): string =>
  `virtio=BC:24:11:00:00:${vmid - 9080},bridge=${bridge},firewall=0${more}`

async function provision(vmid: number, machine: string, address: string): Promise<void> {
  const { api } = lab
  expect(
    await api.finish(await api.post(`${qemu}/${template}/clone`, { newid: vmid, name: `router-${machine}`, full: 1 })),
  ).toBe('OK')
  await api.put(`${qemu}/${vmid}/config`, {
    net0: nicOf(vmid),
    ide2: 'local:cloudinit',
    ipconfig0: `ip=${address}/24`,
    agent: 'enabled=1',
    sshkeys: encodeURIComponent((await publicKey()).trim()),
  })
  expect(await api.finish(await api.post(`${qemu}/${vmid}/status/start`))).toBe('OK')
}

async function publicKey(): Promise<string> {
  const { execFileSync } = await import('node:child_process')
  return execFileSync('ssh-keygen', ['-y', '-f', lab.target.sshKeyFile], { encoding: 'utf8' })
}

const ping = async (): Promise<boolean> => (await lab.run('client', 'fping -q -r 3 -t 100 10.5.0.2')).status === 0
const carrier = async (): Promise<string> => (await lab.run('target', 'cat /sys/class/net/eth0/carrier')).output.trim()
const setNic = (text: string): Promise<unknown> => lab.api.put(`${qemu}/9101/config`, { net0: text })

test('a clone with a cloud-init drive comes up with its name, address and keys, and meets its peer on the vnet', async () => {
  expect((await lab.run('client', 'hostname; ip -4 -br address show eth0')).output).toMatch(
    /^router-client\neth0\S*\s+UP\s+10\.5\.0\.1\/24/,
  )
  expect(await ping()).toBe(true)
})

test('link_down takes the carrier from the guest at once and leaves the tap up in its bridge; writing the string without it gives it back', async () => {
  await setNic(nicOf(9101, 'fd5', ',link_down=1'))
  expect(await carrier()).toBe('0')
  expect((await lab.run('pve1', 'ip -o link show tap9101i0')).output).toMatch(/master fd5 state UP/)
  expect(await lab.run('client', 'cat /sys/class/net/eth0/carrier')).toMatchObject({ output: '1\n' })
  expect(await ping()).toBe(false)
  await setNic(nicOf(9101))
  expect(await carrier()).toBe('1')
  expect(await ping()).toBe(true)
})

test('another bridge re-plugs the tap: the guest has its link again, and nobody to talk to', async () => {
  await setNic(nicOf(9101, 'fd6'))
  expect(await carrier()).toBe('1')
  expect(await ping()).toBe(false)
  await setNic(nicOf(9101))
  expect(await ping()).toBe(true)
})

test('a missing bridge leaves the NIC detached; only a move to another existing bridge repairs it', async () => {
  const refused = await lab.api.refusal('PUT', `${qemu}/9101/config`, { net0: nicOf(9101, 'vmbr9') })
  expect(refused).toMatchObject({
    status: 400,
    body: { errors: { net0: 'hotplug problem - interface vmbr9 does not exist\n' } },
  })
  expect(await lab.api.get(`${qemu}/9101/pending`)).toContainEqual({
    key: 'net0',
    value: nicOf(9101),
    pending: nicOf(9101, 'vmbr9'),
  })
  await lab.api.put(`${qemu}/9101/config`, { revert: 'net0' })
  await setNic(nicOf(9101))
  expect(await carrier()).toBe('0')
  await setNic(nicOf(9101, 'fd6'))
  await setNic(nicOf(9101))
  expect(await carrier()).toBe('1')
  expect(await ping()).toBe(true)
})

test('a suspended machine passes nothing, keeps its carrier, its memory and its PID, and its agent costs 3 s and a refusal', async () => {
  await lab.run('target', 'echo kept > /run/mark')
  const { pid } = z.object({ pid: z.number() }).parse(await lab.api.get(`${qemu}/9101/status/current`))
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/suspend`))).toBe('OK')
  expect(await lab.api.get(`${qemu}/9101/status/current`)).toMatchObject({
    status: 'running',
    qmpstatus: 'paused',
    pid,
  })
  expect(await ping()).toBe(false)
  const startedAt = performance.now()
  expect(await lab.api.refusal('POST', `${qemu}/9101/agent/ping`)).toMatchObject({
    status: 500,
    reason: 'QEMU guest agent is not running',
  })
  expect(performance.now() - startedAt).toBeGreaterThan(2900)
  expect(await lab.api.refusal('POST', `${qemu}/9101/status/shutdown`)).toMatchObject({
    status: 500,
    reason: 'VM is paused - cannot shutdown',
  })
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/resume`))).toBe('OK')
  expect(await ping()).toBe(true)
  expect((await lab.run('target', 'cat /run/mark')).output).toBe('kept\n')
})

test('the agent runs programs without a shell, tells their end once, reads and writes files, and names addresses', async () => {
  const agent = `${qemu}/9101/agent`
  const { pid } = z.object({ pid: z.number() }).parse(await lab.api.post(`${agent}/exec`, { command: 'hostname' }))
  await sleep(300)
  expect(await lab.api.get(`${agent}/exec-status?pid=${pid}`)).toEqual({
    exited: 1,
    exitcode: 0,
    'out-data': 'router-target\n',
  })
  expect((await lab.api.refusal('GET', `${agent}/exec-status?pid=${pid}`)).status).toBe(500)
  expect(await lab.api.post(`${agent}/file-write`, { file: '/tmp/note', content: "it's\n" })).toBeNull()
  expect(await lab.api.get(`${agent}/file-read?file=/tmp/note`)).toEqual({ content: "it's\n" })
  expect(JSON.stringify(await lab.api.get(`${agent}/network-get-interfaces`))).toContain('"ip-address":"10.5.0.2"')
})

test('shutdown asks the guest, which obeys; reboot comes back through a start task of its own; reset keeps PID and uptime', async () => {
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/reboot`))).toBe('OK')
  await expect.poll(() => lab.api.get(`${qemu}/9101/status/current`)).toMatchObject({ status: 'running' })
  expect(await lab.api.get('/nodes/pve1/tasks?source=all&vmid=9101&typefilter=qmstart')).toHaveLength(2)
  const status = await lab.api.get(`${qemu}/9101/status/current`)
  const { pid } = z.object({ pid: z.number() }).parse(status)
  expect((await lab.run('target', 'echo lost > /run/mark')).status).toBe(0)
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/reset`))).toBe('OK')
  expect(await lab.api.get(`${qemu}/9101/status/current`)).toMatchObject({ status: 'running', pid })
  await expect.poll(async () => (await lab.run('target', 'ls /run/mark')).output).toContain('No such file')
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/shutdown`))).toBe('OK')
  expect(await lab.api.get(`${qemu}/9101/status/current`)).toMatchObject({ status: 'stopped' })
})

test('a snapshot brings disk and configuration back, and one with RAM is refused', async () => {
  expect((await lab.api.refusal('POST', `${qemu}/9101/snapshot`, { snapname: 'ram', vmstate: 1 })).status).toBe(500)
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/snapshot`, { snapname: 'clean' }))).toBe('OK')
  await lab.api.put(`${qemu}/9101/config`, { description: 'changed' })
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/start`))).toBe('OK')
  await lab.run('target', 'echo x > /var/lib/mark')
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/snapshot/clean/rollback`, { start: 1 }))).toBe('OK')
  expect((await lab.run('target', 'ls /var/lib/mark')).output).toContain('No such file')
  expect(await lab.api.get(`${qemu}/9101/config`)).not.toHaveProperty('description')
})

test('a stopped VM moves to the other node and still meets its peer, through an underlay that carries full frames', async () => {
  expect(await lab.api.finish(await lab.api.remove(`${qemu}/9101/snapshot/clean`))).toBe('OK')
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/status/stop`))).toBe('OK')
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9101/migrate`, { target: 'pve2' }))).toBe('OK')
  expect((await lab.api.refusal('GET', `${qemu}/9101/config`)).reason).toBe(
    `Configuration file 'nodes/pve1/qemu-server/9101.conf' does not exist`,
  )
  expect(await lab.api.finish(await lab.api.post('/nodes/pve2/qemu/9101/status/start'))).toBe('OK')
  await expect.poll(ping, { timeout: 5000 }).toBe(true)
  expect((await lab.run('client', 'ping -c 1 -W 1 -M do -s 1472 10.5.0.2')).status).toBe(0)
})

test('the shell of the node has qm, pvesh, the bridges, and timers that can be taken back', async () => {
  expect((await lab.run('pve1', 'qm list')).output).toMatch(/9100 router-client +running/)
  expect((await lab.run('pve1', 'qm set 9100 --description hello && qm config 9100')).output).toContain(
    'description: hello',
  )
  expect((await lab.run('pve1', 'qm set 9100 --lock backup; qm unlock 9100; qm config 9100')).output).not.toContain(
    'lock: ',
  )
  expect((await lab.run('pve1', 'pvesh get /version --output-format json')).output).toContain('"release":"9.1"')
  expect((await lab.run('pve1', 'bridge link show dev tap9100i0')).output).toContain('master fd5')
  expect((await lab.run('pve1', 'qm stop 9999')).status).toBe(1)
  await lab.run(
    'pve1',
    'systemd-run --on-active=1 --unit=later touch /run/later; systemd-run --on-active=1 --unit=never touch /run/never',
  )
  expect(await lab.run('pve1', 'systemctl stop never.timer; systemctl is-active later')).toMatchObject({
    output: 'active\n',
  })
  await sleep(1300)
  expect((await lab.run('pve1', 'ls /run/later /run/never 2>/dev/null')).output).toBe('/run/later\n')
})

test('kill -9 of the lab takes suspended machines, both nodes and their groups of frozen processes with it', async () => {
  expect(await lab.api.finish(await lab.api.post(`${qemu}/9100/status/suspend`))).toBe('OK')
  const family = familyOf(lab.child.pid ?? 0)
  await lab.end('SIGKILL')
  await expect.poll(() => living(family), { timeout: 5000 }).toEqual([])
  const groups = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/freezer'].filter((folder) =>
    existsSync(folder),
  )
  const left = (): string[] =>
    groups.flatMap((folder) => readdirSync(folder)).filter((name) => name.startsWith(`firedrill-${lab.child.pid}-`))
  await expect.poll(left, { timeout: 5000 }).toEqual([])
  expect(hostTraces()).toEqual(before)
})
