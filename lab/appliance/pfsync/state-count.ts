import { readFileSync } from 'node:fs'

/** The size of the kernel's state table. */
export function countStates(): number {
  return Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_count', 'utf8'))
}
