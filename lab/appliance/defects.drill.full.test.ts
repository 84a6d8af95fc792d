import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type LabProcess, startLabProcess } from '../embedded/fixture/lab-process.ts'

const topology = join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml')
const pollMs = 200

let lab: LabProcess

afterEach(() => lab.end())

describe('a firewall born with a defect shows it', () => {
  it('own-multicast-dropped: both are master, one hears nothing of the other, whose counter of sent packets grows', async () => {
    await boot('fw1:own-multicast-dropped')
    await reaches({ fw1: 'MASTER', fw2: 'MASTER' })
    expect(await counted('fw2', 'carp', 'received \\(IPv4\\)')).toBe(0)
    expect(await counted('fw1', 'carp', 'received \\(IPv4\\)')).toBeGreaterThan(0)
    expect(await counted('fw1', 'carp', 'sent \\(IPv4\\)')).toBeGreaterThan(0)
  })

  it('vip-list-differs: both are master, both hear and refuse each other', async () => {
    await boot('fw1:vip-list-differs')
    await reaches({ fw1: 'MASTER', fw2: 'MASTER' })
    await expect
      .poll(() => counted('fw1', 'carp', 'discarded for bad authentication'), { timeout: 5000 })
      .toBeGreaterThan(0)
    expect(await counted('fw2', 'carp', 'discarded for bad authentication')).toBeGreaterThan(0)
  })

  it('stuck-demotion, wan-hook-missing, lost-maintenance-flag: a healthy node refuses to lead, its WAN is up all the same, its flag is lost', async () => {
    await boot('fw1:stuck-demotion', 'fw1:wan-hook-missing', 'fw1:lost-maintenance-flag')
    await reaches({ fw1: 'BACKUP', fw2: 'MASTER' })
    await sleep(2000)
    expect(await ask('fw1', 'sysctl -n net.inet.carp.demotion; configctl interface show carp')).toMatch(
      /^240\n.*CARP has detected a problem/,
    )
    const wanOf = async (name: string) => /inet (\S+)/.exec(await ask(name, 'ifconfig vtnet0'))?.[1]
    await expect.poll(() => wanOf('fw1'), { timeout: 8000 }).toBe('10.101.0.150')
    await expect.poll(() => wanOf('fw2'), { timeout: 8000 }).toBe('10.101.0.150')
    await ask('fw1', 'configctl interface carp_set_status maintenance')
    expect(JSON.parse(await ask('fw1', 'configctl interface show carp'))).toMatchObject({
      demotion: '480',
      maintenancemode: false,
    })
  })

  it('pfsync-version-mismatch: what comes is of a bad version, no bulk update ends, no state arrives', async () => {
    await boot('fw2:pfsync-version-mismatch')
    await reaches({ fw1: 'MASTER', fw2: 'BACKUP' })
    expect(await ask('fw2', 'ifconfig pfsync0')).toMatch(/version: 1301\n\tsyncok: 0/)
    await pingGoesThrough()
    for (const name of ['fw1', 'fw2']) {
      expect(await counted(name, 'pfsync', 'discarded for bad version')).toBeGreaterThan(0)
      expect(await ask(name, 'sysctl -n net.inet.carp.demotion')).toBe('240\n')
    }
    expect(await creatorsOf('fw1')).toHaveLength(1)
    expect(await creatorsOf('fw2')).toEqual([])
  })

  it('state-sync-one-way: the master sends none of its states, the other still sends its own', async () => {
    await boot('fw1:state-sync-one-way')
    await reaches({ fw1: 'MASTER', fw2: 'BACKUP' })
    await pingGoesThrough()
    await sleep(1000)
    expect(await creatorsOf('fw1')).toHaveLength(1)
    expect(await creatorsOf('fw2')).toEqual([])
    expect(await counted('fw1', 'pfsync', 'received \\(IPv4\\)')).toBeGreaterThan(0)
    expect(await counted('fw2', 'pfsync', 'received \\(IPv4\\)')).toBe(0)
  })

  it('silent-peer-bulk: the bulk update of the first node does not end, and so it does not lead', async () => {
    await boot('fw2:silent-peer-bulk')
    await reaches({ fw1: 'BACKUP', fw2: 'MASTER' })
    await sleep(5000)
    expect(await ask('fw1', 'ifconfig pfsync0; sysctl -n net.inet.carp.demotion')).toMatch(/syncok: 0\n240\n/)
    expect(await ask('fw2', 'ifconfig pfsync0; sysctl -n net.inet.carp.demotion')).toMatch(/syncok: 1\n0\n/)
  })

  it('equal-skew, wan-dhcp-delay: the lease comes long after the takeover, and the first node does not take the lead back', async () => {
    await boot('fw2:equal-skew', 'fw2:wan-dhcp-delay')
    await expect
      .poll(async () => new Set(Object.values(await states())), { timeout: 10_000 })
      .toEqual(new Set(['BACKUP', 'MASTER']))
    await lab.power('fw1', 'stop')
    await expect.poll(async () => (await states())['fw2'], { timeout: 6000 }).toBe('MASTER')
    const masterAt = performance.now()
    await lab.power('fw1', 'start')
    await expect
      .poll(() => ask('fw2', 'ifconfig vtnet0'), { timeout: 20_000, interval: pollMs })
      .toContain('10.101.0.150')
    expect(performance.now() - masterAt).toBeGreaterThan(10_000)
    expect(await states()).toEqual({ fw1: 'BACKUP', fw2: 'MASTER' })
  })
})

async function boot(...defects: string[]): Promise<void> {
  lab = await startLabProcess(
    topology,
    defects.flatMap((defect) => ['--defect', defect]),
  )
  await Promise.all(['isp', 'target', 'client', 'fw1', 'fw2'].map((machine) => lab.power(machine, 'start')))
}

async function reaches(wanted: Record<string, string>): Promise<void> {
  await expect.poll(states, { timeout: 15_000, interval: pollMs }).toEqual(wanted)
}

async function states(): Promise<Record<string, string | undefined>> {
  const stateOf = async (machine: string) => /carp: (\w+) vhid 1/.exec(await ask(machine, 'ifconfig vtnet1'))?.[1]
  return { fw1: await stateOf('fw1'), fw2: await stateOf('fw2') }
}

async function pingGoesThrough(): Promise<void> {
  await expect.poll(() => ask('client', 'fping -q -c 3 -p 50 192.168.66.10 2>&1'), { timeout: 15_000 }).toMatch(/\/0%/)
}

async function counted(machine: string, protocol: string, words: string): Promise<number> {
  const text = await ask(machine, `netstat -s -p ${protocol}`)
  return Number(new RegExp(`(\\d+) (?:packets? )?${words}`).exec(text)?.[1])
}

async function creatorsOf(machine: string): Promise<string[]> {
  return (await ask(machine, 'pfctl -sc')).split('\n').filter((line) => /^[0-9a-f]{8}$/.test(line))
}

async function ask(machine: string, command: string): Promise<string> {
  try {
    return (await lab.run(machine, command)).output
  } catch {
    return ''
  }
}
