import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const carpNode = fileURLToPath(new URL('../testing/carp-node.ts', import.meta.url))

// Three network namespaces that nothing outlives: a switch with a capture, our speaker at .2 and ucarp at .9.
const network = `
set -e
mount -t sysfs sysfs /sys
ip link add br0 type bridge mcast_snooping 0
ip link set br0 up
plug() { # name: a namespace with vtnet1 in the switch; leaves its holder's process id in $holder
  unshare --net sleep 60 & holder=$!
  sleep 0.2
  ip link add "$1" master br0 type veth peer name vtnet1 netns $holder
  ip link set "$1" up
  nsenter -t $holder -n sh -c "ip addr add $2/24 dev vtnet1 && ip link set lo up && ip link set vtnet1 up && sysctl -qw net.ipv4.conf.all.arp_ignore=1"
}
stamp() { while IFS= read -r line; do echo "$(date +%s.%3N) $1 $line"; done; }
ours() { nsenter -t $our_holder -n unshare --pid --fork --kill-child "$NODE" "$CARP_NODE" 10.102.0.2 "$1" | stamp ours & sleep 0.1; }
theirs() {
  nsenter -t $their_holder -n unshare --pid --fork --kill-child \\
    ucarp -i vtnet1 -s 10.102.0.9 -v 1 -p firedrill -a 10.102.0.1 -k "$1" -b 1 -P -u /bin/true -d /bin/true 2>&1 | stamp ucarp & sleep 0.1
}
end() { echo "$(date +%s.%3N) killed $1"; pkill -9 -f "$2"; }
plug ours 10.102.0.2; our_holder=$holder
plug theirs 10.102.0.9; their_holder=$holder
tcpdump -Z root -l -nn -e -i br0 -T carp 'proto 112 or arp' 2>/dev/null | stamp wire &
sleep 0.3
`

describe('our speaker and ucarp', { concurrent: true }, () => {
  it('ours leads, dies, ucarp takes over, ours returns and preempts', async () => {
    const lines = await play(`
      ours 0; theirs 100; sleep 4.5
      end ours "$CARP_NODE"; sleep 4
      ours 0; sleep 3
      end ucarp '^ucarp'; sleep 0.2
    `)
    expect(rolesOfOurs(lines)).toEqual([
      'INIT -> BACKUP (initialization complete)',
      'BACKUP -> MASTER (master timed out)',
      'INIT -> BACKUP (initialization complete)',
      'BACKUP -> MASTER (preempting a slower master)',
    ])
    expect(rolesOfTheirs(lines)).toEqual(['BACKUP', 'MASTER', 'BACKUP'])
    // ucarp looks at its timers once per interval of its own, 1.39 s.
    expectTakeover(lines, /killed ours/, /ucarp.*MASTER/, 1391 + 500)
    expectOurPackets(lines)
  })

  it('ucarp leads, dies, ours takes over, ucarp returns and ours gives way', async () => {
    const lines = await play(`
      theirs 0; sleep 3.5; ours 100; sleep 1.5
      end ucarp '^ucarp'; sleep 4
      theirs 0; sleep 2
      end ours "$CARP_NODE"; sleep 0.2
    `)
    expect(rolesOfOurs(lines)).toEqual([
      'INIT -> BACKUP (initialization complete)',
      'BACKUP -> MASTER (master timed out)',
      'MASTER -> BACKUP (more frequent advertisement received)',
    ])
    expect(rolesOfTheirs(lines)).toEqual(['BACKUP', 'MASTER', 'BACKUP', 'MASTER'])
    expectTakeover(lines, /killed ucarp/, /ours.*master timed out/, 150)
    expectOurPackets(lines)
  })
})

type Line = { atMs: number; text: string }

function play(story: string): Promise<Line[]> {
  const isolation = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', '-c']
  const child = spawn('unshare', [...isolation, `${network}${story}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath, CARP_NODE: carpNode },
  })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  return new Promise((resolve) => child.on('exit', () => resolve(output.split('\n').flatMap((line) => parse(line)))))
}

function parse(line: string): Line[] {
  const found = /^(\d+\.\d+) (.*)$/.exec(line)
  return found?.[2] === undefined ? [] : [{ atMs: Number(found[1]) * 1000, text: found[2] }]
}

function rolesOfOurs(lines: Line[]): string[] {
  return lines.flatMap(({ text }) => /^ours carp: 1@vtnet1: (.*)$/.exec(text)?.[1] ?? [])
}

function rolesOfTheirs(lines: Line[]): string[] {
  return lines.flatMap(({ text }) => /^ucarp .*Switching to state: (\w+)$/.exec(text)?.[1] ?? [])
}

/** At advbase 1 and skew 100 against 0: 3 + 100/256 s after the last advertisement, which was at most 1 s before the kill. */
function expectTakeover(lines: Line[], from: RegExp, to: RegExp, slackMs: number): void {
  const start = lines.findIndex(({ text }) => from.test(text))
  const end = lines.slice(start).find(({ text }) => to.test(text))
  const tookMs = (end?.atMs ?? Number.NaN) - (lines[start]?.atMs ?? Number.NaN)
  expect(tookMs).toBeGreaterThan(2390)
  expect(tookMs).toBeLessThan(3391 + slackMs)
}

/** As tcpdump reads them: virtual MAC, multicast, and for each time we became master one gratuitous ARP. */
function expectOurPackets(lines: Line[]): void {
  const wire = lines.flatMap(({ text }) => (text.startsWith('wire ') ? [text] : []))
  const ours = wire.filter((text) => text.includes('10.102.0.2 > 224.0.0.18'))
  const shape =
    /00:00:5e:00:01:01 > 01:00:5e:00:00:12, .* CARPv2-advertise 36: vhid=1 advbase=1 advskew=\d+ authlen=7 counter=/
  expect(ours.length).toBeGreaterThanOrEqual(2)
  expect(ours.filter((text) => !shape.test(text))).toEqual([])
  const announced = wire.filter((text) => /00:00:5e:00:01:01 .*who-has 10.102.0.1 tell 10.102.0.1/.test(text))
  const mastered = lines.filter(({ text }) => /^ours .*BACKUP -> MASTER/.test(text))
  expect(announced).toHaveLength(mastered.length)
}
