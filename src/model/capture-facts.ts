import { z } from 'zod'
import { fact } from './fact.ts'

const capture = { point: z.string() }

/** What captures on the lab's wires tell. Times `wallMs` are those of the capturing kernel's wall clock, ms since 1970. */
export const captureFacts = [
  /**
   * A capture began. `of`: the machine whose tap it is; of advertisements, ARP and DHCP requests, only what it sends is captured there. `catches`: what is
   * captured, advertisements where absent. `file`: the evidence, in the run's folder.
   */
  fact('capture-opened', {
    ...capture,
    machine: z.string(),
    device: z.string(),
    network: z.string(),
    of: z.string().nullable(),
    file: z.string(),
    catches: z.array(z.enum(['carp', 'arp', 'dhcp', 'probes', 'strangers'])).optional(),
  }),
  /** The wall clock that stamps a machine's captures showed `wallMs` (ms since 1970) at some instant of the interval. */
  fact('wall-sync', { machine: z.string(), sentMs: z.number(), wallMs: z.number(), receivedMs: z.number() }),
  /** One CARP advertisement as it was captured: when, by the kernel's wall clock there, from whom, and what it says. */
  fact('carp-advert', {
    ...capture,
    wallMs: z.number(),
    srcMac: z.string(),
    src: z.string(),
    dst: z.string(),
    vhid: z.int(),
    advbase: z.int(),
    /** The demoted skew: what the node competes with. */
    advskew: z.int(),
    counter: z.string(),
  }),
  /** One ARP message as it was captured; gratuitous where `senderIp` and `targetIp` are the same. */
  fact('arp', {
    ...capture,
    wallMs: z.number(),
    srcMac: z.string(),
    operation: z.enum(['request', 'reply']),
    senderMac: z.string(),
    senderIp: z.string(),
    targetMac: z.string(),
    targetIp: z.string(),
  }),
  /** One neighbour advertisement of IPv6 as it was captured: unsolicited, it is what a gratuitous ARP is to IPv4. */
  fact('neighbour-advert', {
    ...capture,
    wallMs: z.number(),
    srcMac: z.string(),
    src: z.string(),
    target: z.string(),
    mac: z.string().nullable(),
    isSolicited: z.boolean(),
    isOverride: z.boolean(),
  }),
  /** One DHCP message as it was captured. `message`: `discover`, `offer`, ...; `server` (option 54) and `offered` (yiaddr) are null where it names none. */
  fact('dhcp', {
    ...capture,
    wallMs: z.number(),
    srcMac: z.string(),
    src: z.string(),
    message: z.string(),
    xid: z.string(),
    clientMac: z.string(),
    offered: z.string().nullable(),
    requested: z.string().nullable(),
    server: z.string().nullable(),
  }),
  /** A frame on the network of state sync that is no state sync; of ARP, the addresses that it is about. A tap tells the first 5,000. */
  fact('beside-sync', {
    ...capture,
    wallMs: z.number(),
    srcMac: z.string(),
    etherType: z.int(),
    src: z.string().nullable(),
    dst: z.string().nullable(),
    protocol: z.int().nullable(),
  }),
  /**
   * Probes of one stream that passed a point one way within a short while. `id` is the stream's key, or the identifier of ICMP, which a NAT may
   * change; `seq` is as on the wire. Row i is number `seq + seqSteps[0] + ... + seqSteps[i]` at `wallMs + (ticks[0] + ... + ticks[i]) / 100`.
   */
  fact('probes-passed', {
    ...capture,
    kind: z.enum(['icmp', 'udp']),
    way: z.enum(['request', 'reply']),
    src: z.string(),
    dst: z.string(),
    id: z.string(),
    seq: z.int(),
    wallMs: z.number(),
    seqSteps: z.array(z.int()),
    ticks: z.array(z.int()),
  }),
  /** A capture ended. `sha256`: of its file as it was left, absent where there is none. `dropped`: packets that the kernel saw and could not keep; null where nobody said. */
  fact('capture-closed', {
    ...capture,
    packets: z.int(),
    dropped: z.int().nullable(),
    reason: z.string(),
    sha256: z.string().optional(),
  }),
] as const
