import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type LabProcess, startLabProcess } from '../embedded/fixture/lab-process.ts'

const vmids = { isp: 9101, client: 9102, target: 9103 }
const statusSchema = z.object({ status: z.string() })
let lab: LabProcess

beforeAll(async () => {
  lab = await startLabProcess(join(import.meta.dirname, '../embedded/fixture/router.yaml'))
  await Promise.all(Object.keys(vmids).map((machine) => lab.power(machine, 'start')))
})
afterAll(() => lab.end())

describe('a Linux machine', () => {
  it('powers itself off promptly when its first process is asked to, services and sessions included', async () => {
    await expect.poll(() => ask('target', 'ss -Hltn sport = :7')).toContain('*:7')
    const session = ask('target', 'sleep 60')
    const askedAtMs = performance.now()
    await ask('target', 'kill -s TERM 1')
    await expect.poll(() => statusOf('target'), { interval: 20 }).toBe('stopped')
    expect(performance.now() - askedAtMs).toBeLessThan(3000)
    await session
    await lab.power('target', 'start')
    await expect.poll(() => ask('client', 'ping -c 1 -W 1 192.168.66.10 >/dev/null; echo $?')).toBe('0\n')
  })

  it('serves pages over HTTP and HTTPS where it is the target, and keeps its certificate over a power cut', async () => {
    const program = (url: string) => `fetch('${url}').then((reply) => reply.text()).then((text) => console.log(text))`
    const page = (url: string) =>
      ask('target', `NODE_TLS_REJECT_UNAUTHORIZED=0 NODE_NO_WARNINGS=1 node -e "${program(url)}" || :`)
    const shown =
      'openssl s_client -connect 192.168.66.10:443 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint'
    await expect.poll(() => page('http://192.168.66.10/health')).toBe('ok\n\n')
    await expect.poll(() => page('https://192.168.66.10/health')).toBe('ok\n\n')
    const before = await ask('target', shown)
    expect(before).toMatch(/Fingerprint=/)
    await lab.power('target', 'stop')
    await lab.power('target', 'start')
    await expect.poll(() => ask('target', shown)).toBe(before)
  })

  it('knows its name, and keeps its key for itself', async () => {
    expect(await ask('client', 'cat /etc/hostname; hostname')).toBe('client\nclient\n')
    expect(await ask('client', 'stat -c %a /etc/firedrill/id_ed25519')).toBe('600\n')
  })
})

describe('the fake ISP', () => {
  const given = '--wan eth0 --uplink eth1 --lease 10.101.0.77 --router 10.101.0.254 --dns 192.168.66.1'

  it('is told another lease by its program, twice without harm, and keeps it over a power cut', async () => {
    for (const round of [1, 2]) expect([round, await ask('isp', `firedrill-isp ${given}`)]).toEqual([round, ''])
    const wanted = `interface=eth0
bind-interfaces
dhcp-range=10.101.0.77,10.101.0.77,255.255.255.0,12h
dhcp-option=3,10.101.0.254
dhcp-option=6,192.168.66.1
`
    expect(await ask('isp', 'cat /etc/dnsmasq.conf')).toBe(wanted)
    await lab.power('isp', 'stop')
    await lab.power('isp', 'start')
    expect(await ask('isp', 'cat /etc/dnsmasq.conf')).toBe(wanted)
    await expect.poll(() => ask('isp', 'pgrep -c dnsmasq')).toBe('1\n')
    expect((await ask('isp', 'nft list ruleset')).match(/masquerade/g)).toHaveLength(1)
    await expect.poll(() => ask('client', 'ping -c 1 -W 1 192.168.66.10 >/dev/null; echo $?')).toBe('0\n')
  })

  it('leases that address to a machine that is told to ask for one, with the route', async () => {
    const nic = { name: 'eth0', mac: null, address: null, dhcp: true }
    await ask('client', `echo '${JSON.stringify({ nics: [nic] })}' >/etc/firedrill/cloud-init/network-config.json`)
    await lab.power('client', 'stop')
    await lab.power('client', 'start')
    await expect
      .poll(() => ask('client', 'ip -4 -o address show eth0; ip route'), { timeout: 10_000 })
      .toMatch(/inet 10\.101\.0\.77\/24 [^]*default via 10\.101\.0\.254 dev eth0/)
  })

  it.each([
    ['', 'got nothing'],
    ['--wan eth0', 'got --wan eth0'],
    ['--wan eth0 --uplink eth1 --lease 10.101.0.77', 'got --wan eth0 --uplink eth1 --lease 10.101.0.77'],
    [given.replace('eth1', 'eth7'), 'found no interface eth7'],
    [given.replace('10.101.0.77', "'10.0.0.1;reboot'"), "got --lease '10.0.0.1;reboot'"],
    [`${given} --verbose`, 'got --verbose without a value'],
  ])('refuses %j and changes nothing', async (words, complaint) => {
    const before = await ask('isp', 'cat /etc/dnsmasq.conf')
    const said = await lab.run('isp', `firedrill-isp ${words} 2>&1`)
    expect(said.output).toContain(complaint)
    expect(said.status).toBe(64)
    expect(await ask('isp', 'cat /etc/dnsmasq.conf')).toBe(before)
  })
})

async function statusOf(machine: keyof typeof vmids): Promise<string> {
  return statusSchema.parse(await lab.api.get(`/nodes/pve1/qemu/${vmids[machine]}/status/current`)).status
}

async function ask(machine: string, command: string): Promise<string> {
  return (await lab.run(machine, command)).output
}
