import { writeFileSync } from 'node:fs'

/** Longer than a drill's time between two changes of master. */
const copiesLastSeconds = '1800'

// Linux made to forward and answer ARP as FreeBSD does: an address only on its own interface, no reverse path check
// (traffic for the virtual MAC comes in on the macvlan and leaves on the NIC), TCP states only from a SYN. pfsync sends the window of a TCP
// state along and conntrackd does not, so a state that had moved on at the other node must not be judged by its old window. pfsync
// tells the peer of each use of a state and conntrackd only of its changes, so the copies of what never changes must last without being used.
const settings: Record<string, string> = {
  'net/ipv4/ip_forward': '1',
  'net/ipv4/conf/all/rp_filter': '0',
  'net/ipv4/conf/default/rp_filter': '0',
  'net/ipv4/conf/all/arp_ignore': '1',
  'net/ipv4/conf/all/arp_announce': '2',
  'net/ipv4/conf/all/send_redirects': '0',
  'net/ipv4/conf/default/send_redirects': '0',
  'net/ipv6/conf/all/forwarding': '1',
  'net/ipv6/conf/all/disable_ipv6': '1',
  'net/ipv6/conf/default/disable_ipv6': '1',
  'net/netfilter/nf_conntrack_tcp_loose': '0',
  'net/netfilter/nf_conntrack_tcp_be_liberal': '1',
  'net/netfilter/nf_conntrack_tcp_timeout_established': '86400',
  'net/netfilter/nf_conntrack_icmp_timeout': copiesLastSeconds,
  'net/netfilter/nf_conntrack_icmpv6_timeout': copiesLastSeconds,
  'net/netfilter/nf_conntrack_udp_timeout': copiesLastSeconds,
  'net/netfilter/nf_conntrack_udp_timeout_stream': copiesLastSeconds,
  'net/netfilter/nf_conntrack_acct': '1',
  'net/netfilter/nf_conntrack_timestamp': '1',
}

/** Applies the settings to this network namespace. */
export function applyKernelSettings(): void {
  for (const [name, value] of Object.entries(settings)) writeFileSync(`/proc/sys/${name}`, value)
}
