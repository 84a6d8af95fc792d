import { connect } from 'node:net'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startLabProcess, type LabProcess } from './fixture/lab-process.ts'
import { hostTraces } from './fixture/traces.ts'
import { findLeftovers, membersOf, namespacesOf } from './node/leftovers.ts'

const topology = join(import.meta.dirname, 'fixture/router.yaml')
const machines = ['isp', 'client', 'target']
const before = hostTraces()
let lab: LabProcess

beforeAll(async () => {
  lab = await startLabProcess(topology)
  await Promise.all(machines.map((machine) => lab.power(machine, 'start')))
})

afterAll(() => lab.end())

const ping = 'fping -q -c 5 -p 100 -t 90 192.168.66.10'

test('every machine answers on its console port', async () => {
  for (const machine of machines) {
    expect(await lab.run(machine, 'hostname')).toEqual({ status: 0, output: `${machine}\n` })
  }
})

test('a session finds the programs in /usr/local/sbin first', async () => {
  const { output } = await lab.run(
    'client',
    'printf "%s" "$PATH"; cd /usr/local/sbin && echo : > ifconfig && chmod +x ifconfig; command -v ifconfig',
  )
  expect(output).toMatch(/^\/usr\/local\/sbin:.*\/usr\/local\/sbin\/ifconfig\n$/s)
})

test('the client reaches the target through the router, by ping, echo and SSH', async () => {
  expect((await lab.run('client', ping)).status).toBe(0)
  const echo = await lab.run('client', 'echo hello | socat -t 2 - TCP:192.168.66.10:7')
  expect(echo.output).toBe('hello\n')
  const login = await lab.run('client', 'ssh -i /etc/firedrill/id_ed25519 -o BatchMode=yes root@192.168.66.10 hostname')
  expect(login).toEqual({ status: 0, output: 'target\n' })
})

test('the ISP masquerades what leaves towards the target', async () => {
  const command = 'socat -u TCP:192.168.66.10:7 - & sleep 0.3; kill $!'
  const seen = lab.run('target', 'sleep 0.2; ss -Htn sport = :7')
  await lab.run('client', command)
  expect((await seen).output).toMatch(/192\.168\.66\.1\]?:/)
})

test('nothing of a running lab appears among the network devices and mounts of the host', () => {
  expect(hostTraces()).toEqual(before)
})

test('token and key are for their owner only', () => {
  for (const file of [lab.target.tokenFile, lab.target.sshKeyFile]) expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a stopped router forwards nothing, no process of it is left, and its disk is as it was after the next start', async () => {
  await lab.run('isp', 'echo kept > /var/lib/mark; echo lost > /run/mark')
  const { pid } = z.object({ pid: z.number() }).parse(await lab.api.get('/nodes/pve1/qemu/9101/status/current'))
  const members = await membersOf(new Set(await namespacesOf(pid)))
  expect(members.length).toBeGreaterThan(3)
  const port = lab.target.machines['isp']?.ssh.port ?? 0
  const held = connect(port, '127.0.0.1')
  held.resume() // an end behind unread data is never seen
  await once(held, 'connect')
  const heldClosed = once(held, 'close')

  await lab.power('isp', 'stop')
  await heldClosed
  expect(await findLeftovers(members, 0)).toEqual([])
  expect((await lab.run('client', ping)).output).toContain('100%')
  expect(await lab.api.get('/nodes/pve1/qemu/9101/status/current')).toMatchObject({
    status: 'stopped',
    qmpstatus: 'stopped',
  })

  await lab.power('isp', 'start')
  expect((await lab.run('isp', 'cat /var/lib/mark; ls /run/mark')).output).toMatch(/^kept\n.*No such file/)
  expect((await lab.run('client', 'fping -q -r 20 -p 100 192.168.66.10')).status).toBe(0)
})

test('a power cut stops the traffic within 100 ms of the request', async () => {
  const stream = lab.run('client', 'fping -D -c 150 -p 10 -t 9 192.168.66.10 | grep bytes | tail -1')
  await sleep(700)
  const requestedAt = Date.now()
  await lab.api.post('/nodes/pve1/qemu/9101/status/stop')
  const last = Number(/^\[(\d+\.\d+)\]/m.exec((await stream).output)?.[1]) * 1000
  expect(last - requestedAt).toBeLessThan(100)
  await sleep(1100)
  await lab.power('isp', 'start')
})

test('the console port of a stopped machine closes at once and is the same after the start', async () => {
  await lab.power('target', 'stop')
  const socket = connect(lab.target.machines['target']?.ssh.port ?? 0, '127.0.0.1')
  const startedAt = performance.now()
  await once(socket.resume(), 'close')
  expect(performance.now() - startedAt).toBeLessThan(500)
  const upid = await lab.api.post('/nodes/pve1/qemu/9103/status/start')
  expect((await lab.run('target', 'hostname')).output).toBe('target\n')
  expect(await lab.api.finish(upid)).toBe('OK')
})

test('start of a running VM is a failed task, stop of a stopped one succeeds', async () => {
  const start = await lab.api.post('/nodes/pve1/qemu/9102/status/start')
  expect(await lab.api.finish(start)).toBe('VM 9102 already running')
  await lab.power('target', 'stop')
  expect(await lab.api.finish(await lab.api.post('/nodes/pve1/qemu/9103/status/stop'))).toBe('OK')
  await lab.power('target', 'start')
})

test('a machine whose first process dies is stopped for the hypervisor', async () => {
  const { pid } = z.object({ pid: z.number() }).parse(await lab.api.get('/nodes/pve1/qemu/9103/status/current'))
  process.kill(pid, 'SIGKILL')
  await expect
    .poll(() => lab.api.get('/nodes/pve1/qemu/9103/status/current'), { timeout: 3000 })
    .toMatchObject({ status: 'stopped' })
  await lab.power('target', 'start')
})

test('a stop right after a start, and a start right after a stop, end in the state asked for last', async () => {
  const order = ['stop', 'start', 'stop', 'start'] as const
  const upids: unknown[] = []
  for (const action of order) upids.push(await lab.api.post(`/nodes/pve1/qemu/9103/status/${action}`))
  for (const upid of upids) expect(await lab.api.finish(upid)).toBe('OK')
  expect((await lab.run('target', 'ip -br link show eth0')).output).toContain('UP')
})

test('a second lab on the same topology shares no frame, port or key with the first', async () => {
  const other = await startLabProcess(topology)
  try {
    await Promise.all(machines.map((machine) => other.power(machine, 'start')))
    const count = 'cat /sys/class/net/eth0/statistics/rx_packets'
    await other.run('target', count)
    await sleep(500)
    const quiet = Number((await other.run('target', count)).output)
    expect((await lab.run('client', 'fping -q -c 100 -p 5 192.168.66.10')).status).toBe(0)
    expect(Number((await other.run('target', count)).output) - quiet).toBeLessThan(20)
    expect(other.target.url).not.toBe(lab.target.url)
    expect(readFileSync(other.target.tokenFile, 'utf8')).not.toBe(readFileSync(lab.target.tokenFile, 'utf8'))
    const ports = [lab, other].flatMap(({ target }) => Object.values(target.machines).map(({ ssh }) => ssh.port))
    expect(new Set(ports).size).toBe(6)
    const hostKeys = [lab, other].flatMap(({ target }) => Object.values(target.machines).map(({ ssh }) => ssh.hostKey))
    expect(new Set(hostKeys).size).toBe(6)
  } finally {
    await other.end()
  }
  expect((await lab.run('client', ping)).status).toBe(0)
})

test('the lab ends with exit 0 and the host is as it was', async () => {
  expect(await lab.end()).toBe(0)
  expect(hostTraces()).toEqual(before)
})
