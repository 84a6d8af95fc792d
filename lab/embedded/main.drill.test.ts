import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startLabProcess } from './fixture/lab-process.ts'
import { familyOf, hostTraces, living } from './fixture/traces.ts'

const topology = join(import.meta.dirname, 'fixture/router.yaml')
const ends: [string, NodeJS.Signals | undefined][] = [
  ['a closed stdin', undefined],
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['SIGHUP', 'SIGHUP'],
]

test.each(ends)('%s ends the lab: exit 0, no process, mount, device or file left', async (_name, signal) => {
  const before = hostTraces()
  const lab = await startLabProcess(topology)
  await Promise.all(['isp', 'client'].map((machine) => lab.power(machine, 'start')))
  const family = familyOf(lab.child.pid ?? 0)
  expect(family.length).toBeGreaterThan(8)
  expect(await lab.end(signal)).toBe(0)
  expect(living(family)).toEqual([])
  expect(existsSync(lab.state)).toBe(false)
  expect(hostTraces()).toEqual(before)
})

test('kill -9 of the lab takes every process, mount and namespace with it', async () => {
  const before = hostTraces()
  const lab = await startLabProcess(topology)
  await Promise.all(['isp', 'client', 'target'].map((machine) => lab.power(machine, 'start')))
  const family = familyOf(lab.child.pid ?? 0)
  await lab.end('SIGKILL')
  await expect.poll(() => living(family), { timeout: 5000 }).toEqual([])
  expect(hostTraces()).toEqual(before)
})

test('kill -9 while the machines boot leaves nothing either', async () => {
  for (const delayMs of [5, 20, 40, 80]) {
    const lab = await startLabProcess(topology)
    for (const vmid of [9101, 9102, 9103]) await lab.api.post(`/nodes/pve1/qemu/${vmid}/status/start`)
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    const family = familyOf(lab.child.pid ?? 0)
    await lab.end('SIGKILL')
    await expect.poll(() => living(family), { timeout: 5000 }).toEqual([])
  }
})

test('when the node is killed everything in it dies and the lab ends with exit 69', async () => {
  const before = hostTraces()
  const lab = await startLabProcess(topology)
  await Promise.all(['isp', 'client'].map((machine) => lab.power(machine, 'start')))
  const family = familyOf(lab.child.pid ?? 0)
  const [holder = 0] = family.slice(1)
  process.kill(holder, 'SIGKILL')
  expect(await lab.ended).toBe(69)
  expect(living(family)).toEqual([])
  expect(existsSync(lab.state)).toBe(false)
  expect(hostTraces()).toEqual(before)
})

test('a detached lab outlives its stdin and ends with SIGTERM', async () => {
  const lab = await startLabProcess(topology, ['--detached'])
  lab.child.stdin?.end()
  lab.child.kill('SIGHUP')
  await lab.power('client', 'start')
  expect((await lab.run('client', 'hostname')).output).toBe('client\n')
  expect(await lab.end('SIGTERM')).toBe(0)
})

const refusals: [string, string[], number, RegExp][] = [
  ['no topology', [], 64, /expected --topology and --state\n {2}hint: main\.ts --topology FILE/],
  ['an unknown option', ['--nope'], 64, /--nope/],
  [
    'a missing file',
    ['--topology', '/nowhere.yaml', '--state', '/nowhere'],
    64,
    /cannot read the topology \/nowhere\.yaml/,
  ],
  [
    'an unknown machine in --defect',
    ['--topology', topology, '--state', '/nowhere', '--defect', 'fw9:x'],
    64,
    /isp, client, target/,
  ],
]

test.each(refusals)('%s is refused with one line and a hint', (_name, args, status, message) => {
  const result = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { encoding: 'utf8' })
  expect(result.status).toBe(status)
  expect(result.stderr).toMatch(message)
  expect(result.stdout).toBe('')
})

test('a user who is not root gets one line and exit 69', () => {
  // The sources may lie where only root can read.
  const canRead = ['--inh-caps', '+dac_read_search', '--ambient-caps', '+dac_read_search']
  const args = [
    '--reuid',
    '65534',
    '--clear-groups',
    ...canRead,
    process.execPath,
    join(import.meta.dirname, 'main.ts'),
  ]
  const result = spawnSync('setpriv', [...args, '--topology', topology, '--state', '/tmp/x'], { encoding: 'utf8' })
  expect(result.stderr).toBe(
    'firedrill lab: the embedded lab needs root, this is user 65534\n  hint: start it with sudo\n',
  )
  expect(result.status).toBe(69)
})

test('a missing program is named with the package that has it, exit 69', () => {
  const result = spawnSync('unshare', ['--mount', 'sh', '-c', hideSocat], { encoding: 'utf8' })
  expect(result.stderr).toBe(
    'firedrill lab: programs are missing: socat\n  hint: apt-get install --no-install-recommends socat\n',
  )
  expect(result.status).toBe(69)
})

// An empty, not executable file over the program, in a mount namespace of its own.
const hideSocat = `mount --bind /dev/null "$(command -v socat)"
exec '${process.execPath}' '${join(import.meta.dirname, 'main.ts')}' --topology '${topology}' --state /tmp/x`
