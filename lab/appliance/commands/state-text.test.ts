import { expect, it } from 'vitest'
import { formatState, parseState } from './state-text.ts'

const tcp =
  'ipv4     2 tcp      6 86399 ESTABLISHED src=10.102.0.50 dst=192.168.66.10 sport=38918 dport=7 src=192.168.66.10 dst=10.101.0.150 sport=7 dport=38918 [ASSURED] mark=1521145407 use=1 id=3899457087'

function format(line: string, verbose = false): string | undefined {
  const state = parseState(line)
  return state && formatState(state, verbose)
}

it('a translated TCP state is told as pfctl -ss tells it', () => {
  expect(format(tcp)).toBe(
    'all tcp 10.101.0.150:38918 (10.102.0.50:38918) -> 192.168.66.10:7       ESTABLISHED:ESTABLISHED\n',
  )
})

it('with -vv the id and the creator, which is the mark, are on a line of their own', () => {
  expect(format(tcp, true)?.split('\n').slice(2, 4)).toEqual([
    '   age 00:00:00, expires in 23:59:59, 0:0 pkts, 0:0 bytes',
    expect.stringMatching(/^ {3}id: [0-9a-f]{16} creatorid: 5aaad63f$/),
  ])
})

it('ICMP and UDP have their own words', () => {
  const icmp =
    'ipv4     2 icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=25 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=25 mark=0 use=1 id=7'
  const udp =
    'ipv4     2 udp      17 29 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=53 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=53 dport=5 mark=0 use=1 id=7'
  expect(format(icmp)).toBe('all icmp 10.0.0.1:25 -> 10.0.0.2:25       0:0\n')
  expect(format(udp)).toBe('all udp 10.0.0.1:5 -> 10.0.0.2:53       SINGLE:NO_TRAFFIC\n')
})

it('IPv6 has its ports in brackets, and age and counters are those of the kernel', () => {
  const counted =
    'ipv6     10 tcp      6 98 ESTABLISHED src=2001:db8::5 dst=2001:db8:1::5 sport=1 dport=2 packets=7 bytes=900 src=2001:db8:1::5 dst=2001:db8::5 sport=2 dport=1 packets=5 bytes=300 [ASSURED] mark=0 delta-time=93784 use=1 id=9'
  expect(format(counted, true)).toMatch(/^all tcp 2001:db8::5\[1\] -> 2001:db8:1::5\[2\] {7}ESTABLISHED:ESTABLISHED\n/)
  expect(format(counted, true)).toContain('   age 1d02:03:04, expires in 00:01:38, 7:5 pkts, 900:300 bytes\n')
})

it('one flow has the same id on both nodes, whatever number the kernel gives it', () => {
  const id = (line: string): string | undefined => parseState(line)?.id
  expect(id(tcp.replace('id=3899457087', 'id=7').replace('86399', '400'))).toBe(id(tcp))
  expect(id(tcp.replaceAll('38918', '38919'))).not.toBe(id(tcp))
})

it('what is no state is left out', () => {
  expect(parseState('conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.')).toBeUndefined()
})
