import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type LabProcess, startLabProcess } from '../embedded/fixture/lab-process.ts'

const topology = join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml')
const machines = ['isp', 'target', 'client', 'fw1', 'fw2']
const sessionProgram = basename(new URL('./testing/held-session.ts', import.meta.url).pathname)
const heldSession = `/opt/firedrill/bin/node /opt/firedrill/appliance/testing/${sessionProgram} 192.168.66.10`
const capture = `tcpdump -Z root -l -tt -nn -e -i eth0 -T carp 'proto 112 or arp' 2>/dev/null`

let lab: LabProcess

afterEach(() => lab.end())

describe('the pair of the first source document', () => {
  it('settles, survives the power-off of its master, fails back and obeys maintenance, with one session held throughout', async () => {
    await bootPair()
    expect(await states()).toEqual({ fw1: 'MASTER', fw2: 'BACKUP' })
    expect(await ask('fw2', 'ifconfig pfsync0; sysctl net.inet.carp.demotion')).toMatch(/syncok: 1\n.*demotion: 0\n/s)
    expect(await ask('client', 'arping -c 1 -I eth0 10.102.0.1')).toMatch(/reply from 10.102.0.1 \[00:00:5E:00:01:01\]/)

    const session = ask('client', `${heldSession} 15`)
    const wire = ask('client', `timeout 16 ${capture}`)
    await sleep(1500)
    expect(await creatorsOf('fw2')).toEqual(await creatorsOf('fw1'))

    const killedAfter = Date.now() / 1000
    await lab.power('fw1', 'stop')
    const killedBefore = Date.now() / 1000
    await sleep(4000)
    expect(await ask('fw2', 'cat /var/log/system/latest.log')).toMatch(
      /BACKUP -> MASTER \(master timed out\)[^]*bound to 10.101.0.150/,
    )
    expect(await ask('client', 'fping -q -c 3 -p 50 192.168.66.10 2>&1')).toMatch(/\/0%/)

    await lab.power('fw1', 'start')
    await settled({ fw1: 'MASTER', fw2: 'BACKUP' })
    expect(await ask('fw1', 'grep carp: /var/log/system/latest.log')).toMatch(
      /pfsync bulk start[^]*pfsync bulk done[^]*preempting a slower master/,
    )
    expect(await ask('fw1', 'sysctl net.inet.carp.demotion=240')).toBe('net.inet.carp.demotion: 0 -> 240\n')
    await settled({ fw1: 'BACKUP', fw2: 'MASTER' }, 1000)
    await ask('fw1', 'sysctl net.inet.carp.demotion=-240')
    await settled({ fw1: 'MASTER', fw2: 'BACKUP' })

    expect(JSON.parse(await session)).toEqual({ complete: true, inOrder: true })
    const seen = read(await wire)
    const takeover = seen.find(
      ({ atSeconds, text }) => atSeconds > killedAfter && text.includes('10.102.0.3 > 224.0.0.18'),
    )
    expect(takeover?.atSeconds).toBeGreaterThan(killedAfter + 2.39)
    expect(takeover?.atSeconds).toBeLessThan(killedBefore + 3.391 + 0.15)
    // Power-off, failback, maintenance and its end: one gratuitous ARP each.
    expect(
      seen.filter(({ text }) => /00:00:5e:00:01:01 > ff:.* who-has 10.102.0.1 tell 10.102.0.1/.test(text)),
    ).toHaveLength(4)
  })

  it('without state sync loses the held session at the power-off: what has no state is dropped in silence', async () => {
    await bootPair('--defect', 'pair:state-sync-off')
    const session = ask('client', `${heldSession} 8`)
    await sleep(1500)
    await lab.power('fw1', 'stop')
    expect(JSON.parse(await session)).toMatchObject({ complete: false })
    expect(await ask('client', 'fping -q -c 3 -p 50 192.168.66.10 2>&1')).toMatch(/\/0%/)
    expect(await ask('fw2', 'pfctl -ss')).not.toContain('tcp')
  })
})

async function bootPair(...defects: string[]): Promise<void> {
  lab = await startLabProcess(topology, defects)
  await Promise.all(machines.map((machine) => lab.power(machine, 'start')))
  await settled({ fw1: 'MASTER', fw2: 'BACKUP' })
  await expect.poll(() => ask('client', 'fping -q -c 1 192.168.66.10 2>&1'), { timeout: 15_000 }).toMatch(/\/0%/)
}

async function settled(wanted: Record<string, string>, withinMs = 8000): Promise<void> {
  await expect.poll(states, { timeout: withinMs, interval: 100 }).toEqual(wanted)
}

async function states(): Promise<Record<string, string | undefined>> {
  const stateOf = async (machine: string) => /carp: (\w+) vhid 1/.exec(await ask(machine, 'ifconfig vtnet1'))?.[1]
  return { fw1: await stateOf('fw1'), fw2: await stateOf('fw2') }
}

async function creatorsOf(machine: string): Promise<string[]> {
  return (await ask(machine, 'pfctl -sc')).split('\n').filter((line) => /^[0-9a-f]{8}$/.test(line))
}

async function ask(machine: string, command: string): Promise<string> {
  return (await lab.run(machine, command)).output
}

function read(output: string): { atSeconds: number; text: string }[] {
  return output.split('\n').map((text) => ({ atSeconds: Number(text.split(' ')[0]), text }))
}
