import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LabProcess, startLabProcess } from '../embedded/fixture/lab-process.ts'

const configuration = `<?xml version="1.0"?>
<opnsense>
  <system><hostname>edge</hostname><domain>example.test</domain><ssh><enabled>enabled</enabled></ssh></system>
  <interfaces>
    <wan><enable>1</enable><if>vtnet0</if><ipaddr>dhcp</ipaddr></wan>
    <lan><enable>1</enable><if>vtnet1</if><ipaddr>10.102.0.7</ipaddr><subnet>24</subnet></lan>
  </interfaces>
  <virtualip><vip><interface>lan</interface><mode>carp</mode><subnet>10.102.0.1</subnet><subnet_bits>24</subnet_bits>
    <password>x</password><vhid>9</vhid><advbase>1</advbase><advskew>0</advskew></vip></virtualip>
</opnsense>
`
let lab: LabProcess

beforeAll(async () => {
  lab = await startLabProcess(join(import.meta.dirname, '../topologies/opnsense-single-wan.yaml'))
  await lab.power('fw1', 'start')
})
afterAll(() => lab.end())

describe('the firewall', () => {
  it('is what its config.xml says', async () => {
    expect(await configured()).toContain('inet 10.102.0.2 ')
    await write(configuration)
    await powerCycle()
    expect(await configured()).toMatch(/inet 10.102.0.7 [^]*vhid 9 /)
    expect(await ask('tail -1 /var/log/system/latest.log')).toContain(' edge.example.test ')
  })

  it('listens for SSH on its interfaces where the configuration says so', async () => {
    await expect.poll(() => ask('ss -Hltn sport = :22')).toContain('0.0.0.0:22')
  })

  it('boots with the configuration of the factory when config.xml is none, and says so', async () => {
    await write('<opnsense><system>')
    await powerCycle()
    expect(await configured()).toContain('inet 192.168.1.1 ')
    expect(await ask('head -50 /var/log/system/latest.log | grep config.xml')).toMatch(
      / config - - .* config\.xml: line 2: expected an element, before ""; the factory's configuration is used\n$/,
    )
  })

  it('powers itself off promptly when its first process is asked to, and does not lower CARP before', async () => {
    await write(configuration.replace('10.102.0.7', '10.102.0.9'))
    await powerCycle()
    await expect.poll(() => ask('ifconfig vtnet1'), { timeout: 6000 }).toContain('MASTER')
    await lab.power('client', 'start')
    const capture = lab.run(
      'client',
      `timeout 6 tcpdump -Z root -l -nn -i eth0 -T carp 'proto 112 or udp port 67' 2>/dev/null`,
    )
    await expect.poll(() => lab.run('client', 'pgrep -c tcpdump')).toMatchObject({ output: '1\n' })
    await sleep(1200)
    const askedAtMs = performance.now()
    await ask('kill -s TERM 1; sleep 20')
    expect(performance.now() - askedAtMs).toBeLessThan(3000)
    const heard = (await capture).output.split('\n').filter((line) => line.includes('CARP'))
    expect(heard.length).toBeGreaterThan(0)
    expect(heard.filter((line) => !line.includes('advskew=0 '))).toEqual([])
    await lab.power('fw1', 'start')
    expect(await ask('cat /var/log/system/*.log')).toContain('power-down by root:')
  })
})

async function write(content: string): Promise<void> {
  await ask(`cat > /conf/config.xml <<'END'\n${content}\nEND`)
}

async function powerCycle(): Promise<void> {
  await lab.power('fw1', 'stop')
  await lab.power('fw1', 'start')
}

/** What ifconfig says of the LAN once the firewall runs. */
async function configured(): Promise<string> {
  await expect.poll(() => ask('ifconfig vtnet1'), { timeout: 5000 }).toContain('inet ')
  return ask('ifconfig vtnet1')
}

async function ask(command: string): Promise<string> {
  return (await lab.run('fw1', command)).output
}
