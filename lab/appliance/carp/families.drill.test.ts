import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const carpNode = fileURLToPath(new URL('../testing/carp-node.ts', import.meta.url))
const vips = '10.102.0.1/24,10.102.0.7/24,2001:db8::1/64'

// Network namespaces that nothing outlives: a switch with a capture, and two nodes.
const network = `
set -e
mount -t sysfs sysfs /sys
ip link add br0 type bridge mcast_snooping 0
ip link set br0 up
plug() {
  unshare --net sleep 60 & holder=$!
  sleep 0.2
  ip link add "$1" master br0 type veth peer name vtnet1 netns $holder
  ip link set "$1" up
  nsenter -t $holder -n sh -c "sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 &&
    ip addr add 10.102.0.$2/24 dev vtnet1 && ip addr add 2001:db8::$2/64 dev vtnet1 nodad && ip link set lo up && ip link set vtnet1 up"
}
stamp() { while IFS= read -r line; do echo "$1 $line"; done; }
node() { nsenter -t $1 -n unshare --pid --fork --kill-child "$NODE" "$CARP_NODE" 10.102.0.$2 $3 "$VIPS" "$4" 2>&1 | stamp "node$2" & sleep 0.1; }
plug one 2; one=$holder
plug two 3; two=$holder
plug host 50; host=$holder
tcpdump -Z root -l -nn -e -i br0 'proto 112 or ip6 proto 112 or arp or icmp6' 2>/dev/null | stamp wire &
sleep 0.3
`

describe('two nodes with addresses of both families on one VHID', { concurrent: true }, () => {
  it('sign them together, lead with all of them, and hand over all of them', async () => {
    const lines = await play(`
      node $one 2 0 ''; sleep 3.5; node $two 3 100 ''; sleep 1.5
      nsenter -t $host -n sh -c 'ping -c 2 -i 0.2 -W 1 10.102.0.7; ping -6 -c 2 -i 0.2 -W 1 2001:db8::1; ip neigh' | stamp before
      pkill -9 -f "$FIRST"; sleep 4
      nsenter -t $host -n sh -c 'ping -c 2 -i 0.2 -W 1 10.102.0.7; ping -6 -c 2 -i 0.2 -W 1 2001:db8::1' | stamp after
    `)
    expect(rolesOf(lines, 'node3')).toEqual([
      'INIT -> BACKUP (initialization complete)',
      'BACKUP -> MASTER (master timed out)',
    ])
    for (const when of ['before', 'after']) {
      expect(lines.filter((line) => line.startsWith(when) && / 0% packet loss/.test(line))).toHaveLength(2)
    }
    expect(lines.join('\n')).toMatch(/before 2001:db8::1 .*lladdr 00:00:5e:00:01:01/)
    const wire = lines.filter((line) => line.startsWith('wire '))
    const to = (group: string): string[] => wire.filter((line) => line.includes(`00:00:5e:00:01:01 > ${group}`))
    expect(to('33:33:00:00:00:12').length).toBeGreaterThan(4)
    expect(to('01:00:5e:00:00:12').length).toBeGreaterThan(4)
    expect(
      to('33:33:00:00:00:01').filter((line) => /neighbor advertisement.*tgt is 2001:db8::1/.test(line)),
    ).toHaveLength(2)
    expect(wire.filter((line) => /00:00:5e:00:01:01 > ff:ff.*who-has 10.102.0.(1|7) tell/.test(line))).toHaveLength(4)
  })

  it('in unicast send from the NIC’s own MAC, and the virtual one is only in ARP', async () => {
    const lines = await play(`
      node $one 2 0 10.102.0.3,2001:db8::3; sleep 3.5; node $two 3 100 10.102.0.2,2001:db8::2; sleep 2
      pkill -9 -f "$FIRST"; sleep 4
    `)
    expect(rolesOf(lines, 'node3').at(-1)).toBe('BACKUP -> MASTER (master timed out)')
    expect(rolesOf(lines, 'node2')).toHaveLength(2)
    const wire = lines.filter((line) => line.startsWith('wire '))
    expect(
      wire.filter((line) =>
        /10.102.0.2 > 10.102.0.3: .*advertise|10.102.0.2 > 10.102.0.3: .*(vrrp|VRRP|carp)/i.test(line),
      ).length,
    ).toBeGreaterThan(1)
    expect(wire.filter((line) => /00:00:5e:00:01:01 > (01:00:5e|33:33:00:00:00:12)/.test(line))).toEqual([])
  })
})

function play(story: string): Promise<string[]> {
  const isolation = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c']
  const child = spawn('unshare', [...isolation, `${network}${story}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath, CARP_NODE: carpNode, VIPS: vips, FIRST: 'node.ts 10.102.0.2' },
  })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  return new Promise((resolve) => child.on('exit', () => resolve(output.split('\n'))))
}

function rolesOf(lines: string[], node: string): string[] {
  return lines.flatMap((line) => new RegExp(`^${node} carp: 1@vtnet1: (.*)$`).exec(line)?.[1] ?? [])
}
