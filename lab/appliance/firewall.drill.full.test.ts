import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LabProcess, startLabProcess } from '../embedded/fixture/lab-process.ts'

const topology = join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml')
const machines = ['isp', 'target', 'client', 'fw1', 'fw2']
// In the order of the topology, from 9101 on.
const vmids: Readonly<Record<string, number>> = { fw1: 9102, fw2: 9103 }
const ping = 'fping -q -c 5 -p 50 192.168.66.10 2>&1'

let lab: LabProcess

beforeAll(async () => {
  lab = await startLabProcess(topology)
  await Promise.all(machines.map((machine) => lab.power(machine, 'start')))
}, 60_000)

afterAll(() => lab.end())

describe('a pair of firewalls', () => {
  it('settles with the first node as master', settled)

  it('suspended and resumed, the master still believes it is master, the backup that it is backup', async () => {
    await freezeFor('fw1', 6000)
    await settled()
    expect(await since('fw1', 'fw2')).toEqual({ fw1: [], fw2: ['MASTER', 'BACKUP'] })
    await freezeFor('fw2', 6000)
    await sleep(1500)
    expect(await since('fw1', 'fw2')).toEqual({ fw1: [], fw2: [] })
  })

  it('with pf off forwards nothing translated and keeps its place in CARP; on again it goes on', async () => {
    expect(await ask('fw1', 'pfctl -d; pfctl -si | head -n 1')).toMatch(/pf disabled\nStatus: Disabled/)
    expect(await ask('client', ping)).toMatch(/\/100%/)
    expect(await states()).toEqual(['MASTER', 'BACKUP'])
    await ask('fw1', 'pfctl -e')
    expect(await ask('client', ping)).toMatch(/\/0%/)
    expect(await ask('fw1', 'pfctl -F states')).toMatch(/\d+ states cleared/)
  })

  it('disabled shows no VHID and is not demoted; enabled it asks for the states and returns', async () => {
    await ask('fw1', 'configctl interface carp_set_status disable')
    expect(await ask('fw1', 'sysctl -n net.inet.carp.allow net.inet.carp.demotion; ifconfig vtnet1')).toMatch(
      /^0\n0\n(?![^]*carp:)/,
    )
    await expect.poll(() => stateOf('fw2'), { timeout: 5000 }).toBe('MASTER')
    await ask('fw1', 'configctl interface carp_set_status enable')
    await settled()
    expect(await ask('fw1', 'grep carp: /var/log/system/latest.log')).toMatch(
      /vhid removed[^]*pfsync bulk start[^]*pfsync bulk done/,
    )
  })

  it('in maintenance reboots into maintenance: demoted before its first VHID listens', async () => {
    await ask('fw1', 'configctl interface carp_set_status maintenance')
    const before = await ask('fw1', 'sysctl -n kern.boottime')
    await ask('fw1', 'reboot')
    await expect.poll(() => ask('fw1', 'sysctl -n kern.boottime'), { timeout: 15_000 }).toMatch(/sec/)
    expect(await ask('fw1', 'sysctl -n kern.boottime')).not.toBe(before)
    await sleep(3000)
    expect(await states()).toEqual(['BACKUP', 'MASTER'])
    expect(JSON.parse(await ask('fw1', 'configctl interface show carp'))).toMatchObject({
      demotion: '240',
      maintenancemode: true,
    })
    await ask('fw1', 'configctl interface carp_set_status maintenance')
    await settled()
  })

  it('with an interface down by hand leaves the VIPs of the others too, and takes all back', async () => {
    await ask('fw1', 'ifconfig vtnet1 down')
    await expect.poll(() => stateOf('fw2'), { timeout: 5000 }).toBe('MASTER')
    expect(await ask('fw1', 'ifconfig vtnet1; sysctl -n net.inet.carp.demotion')).toMatch(
      /carp: INIT[^]*status: active[^]*\n240\n/,
    )
    await ask('fw1', 'ifconfig vtnet1 up')
    await settled()
  })
})

const seen: Record<string, number> = { fw1: 0, fw2: 0 }

/** The states that each node itself says it took since the last call. */
async function since(...names: string[]): Promise<Record<string, string[]>> {
  const pairs = await Promise.all(
    names.map(async (name): Promise<[string, string[]]> => {
      const all = [...(await ask(name, 'cat /var/log/carp-truth.jsonl')).matchAll(/"state":"(\w+)"/g)]
      const fresh = all.slice(seen[name]).flatMap(([, state]) => state ?? [])
      seen[name] = all.length
      return [name, fresh]
    }),
  )
  return Object.fromEntries(pairs)
}

async function freezeFor(name: string, ms: number): Promise<void> {
  await since('fw1', 'fw2')
  const post = async (verb: string): Promise<void> => {
    await lab.api.finish(await lab.api.post(`/nodes/pve1/qemu/${vmids[name]}/status/${verb}`))
  }
  await post('suspend')
  await sleep(ms)
  await post('resume')
}

async function settled(): Promise<void> {
  await expect.poll(states, { timeout: 20_000, interval: 100 }).toEqual(['MASTER', 'BACKUP'])
  await expect.poll(() => ask('client', ping), { timeout: 15_000 }).toMatch(/\/0%/)
}

async function states(): Promise<(string | undefined)[]> {
  return [await stateOf('fw1'), await stateOf('fw2')]
}

async function stateOf(machine: string): Promise<string | undefined> {
  return /carp: (\w+) vhid 1/.exec(await ask(machine, 'ifconfig vtnet1'))?.[1]
}

async function ask(machine: string, command: string): Promise<string> {
  try {
    return (await lab.run(machine, command)).output
  } catch {
    return ''
  }
}
