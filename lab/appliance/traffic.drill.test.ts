import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LabProcess, startLabProcess } from '../embedded/fixture/lab-process.ts'

const topologies = join(import.meta.dirname, '../topologies')
const answered = /\/0%/
let lab: LabProcess

describe('an OPNsense with a whole configuration', () => {
  beforeAll(async () => {
    lab = await startLabProcess(join(topologies, 'opnsense-dual-vip.yaml'))
    await boot('fw2', configuration('opnsense'), ['isp', 'target', 'client'])
    await ask('isp', 'ip -6 route replace 2001:db8:1:2::/64 via 2001:db8:1:1::4')
  })
  afterAll(() => lab.end())

  it('translates what leaves to the shared address', async () => {
    await expect.poll(() => ask('client', 'fping -q -c 1 198.51.100.10 2>&1'), { timeout: 15_000 }).toMatch(answered)
    const seen = ask('isp', 'timeout 5 tcpdump -Z root -nn -c 2 -i eth0 icmp 2>/dev/null')
    await ask('client', 'fping -q -c 10 -p 200 198.51.100.10')
    expect(await seen).toContain('203.0.113.4 > 198.51.100.10: ICMP echo request')
  })

  it('routes IPv6 without translating it', async () => {
    expect(await ask('client', 'fping -6 -q -c 2 2001:db8:1:3::10 2>&1')).toMatch(answered)
    expect(await ask('fw2', 'ip -6 route show default')).toContain('2001:db8:1:1::1')
  })

  it('forwards a port of the shared address, and blocks what no rule passes', async () => {
    expect(await echo('target', '203.0.113.4', 8007)).toBe('hello\n')
    expect(await echo('target', '203.0.113.3', 22)).toBe('')
    expect(await ask('target', 'fping -q -c 1 203.0.113.3 2>&1')).toMatch(answered)
  })

  it('leases an address with the shared one as router, after the delay of a backup', async () => {
    const asked = performance.now()
    const lease = await leaseOn('client')
    expect(performance.now() - asked).toBeGreaterThan(5000)
    expect(lease).toMatch(/new_ip_address=192\.168\.1\.1[89]\d/)
    expect(lease).toContain('new_routers=192.168.1.254')
  })

  it('sends each transition of CARP to the collector', async () => {
    const log = await ask('target', 'cat /var/log/remote.log')
    for (const name of ['1@vtnet0', '2@vtnet1', '3@vtnet0', '4@vtnet1']) {
      expect(log).toMatch(
        new RegExp(`<6>1 \\S+ fw2\\.\\S+ kernel - - - .*carp: ${name}: BACKUP -> MASTER \\(master timed out\\)`),
      )
    }
  })

  it('tells its rules in the words of pf, and stops filtering when told to', async () => {
    expect(await ask('fw2', 'pfctl -sr')).toContain(
      'pass in quick on vtnet0 reply-to (vtnet0 203.0.113.1) inet proto icmp from any to any keep state',
    )
    expect(await ask('fw2', 'pfctl -sn')).toContain(
      'nat on vtnet0 inet from 192.168.1.0/24 to any -> 203.0.113.4 port 1024:65535',
    )
    await ask('fw2', 'pfctl -d')
    expect(await echo('target', '203.0.113.4', 8007)).toBe('')
    await ask('fw2', 'pfctl -e')
    expect(await echo('target', '203.0.113.4', 8007)).toBe('hello\n')
  })
})

async function boot(firewall: string, config: string, others: readonly string[]): Promise<void> {
  await Promise.all(others.map((machine) => lab.power(machine, 'start')))
  await lab.power(firewall, 'start')
  await ask(firewall, `cat > /conf/config.xml <<'END'\n${config}\nEND`)
  await lab.power(firewall, 'stop')
  await lab.power(firewall, 'start')
}

// Without the key of another harness, which would lock this one out.
function configuration(name: string): string {
  const file = join(import.meta.dirname, `configuration/fixture/${name}.xml`)
  return readFileSync(file, 'utf8').replace(/<authorizedkeys>.*<\/authorizedkeys>/, '')
}

function echo(machine: string, host: string, port: number): Promise<string> {
  return ask(machine, `echo hello | timeout 3 socat -t1 - TCP:${host}:${port},connect-timeout=2 2>/dev/null`)
}

/** What a new machine on the network is told: another MAC on the client's NIC asks for a lease. */
function leaseOn(machine: string): Promise<string> {
  return ask(
    machine,
    `printf '#!/bin/sh\\ncase $reason in PREINIT) ip link set $interface up ;; BOUND) env > /tmp/lease ;; esac\\n' > /tmp/script
    chmod +x /tmp/script
    ip link add new0 link eth0 type macvlan mode bridge
    dhclient -4 -1 -d -lf /tmp/leases -pf /tmp/pid -sf /tmp/script new0 >/tmp/dhclient.log 2>&1 &
    for i in $(seq 150); do [ -e /tmp/lease ] && break; sleep 0.1; done
    cat /tmp/lease; kill $!; ip link del new0`,
  )
}

async function ask(machine: string, command: string): Promise<string> {
  return (await lab.run(machine, command)).output
}
