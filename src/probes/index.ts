import type { StreamClass } from '../model/metric.ts'
import type { KindSchemas } from '../model/scenario.ts'
import { bulk } from './bulk.ts'
import { dhcpRenew } from './dhcp-renew.ts'
import { dns } from './dns.ts'
import { http } from './http.ts'
import { ping } from './ping.ts'
import type { ProbeKind } from './probe-kind.ts'
import { sshSession } from './ssh-session.ts'
import { tcpConnect } from './tcp-connect.ts'
import { tcpSession } from './tcp-session.ts'
import { udp } from './udp.ts'

/** Every probe there is, by the word that scenario files use. */
export const probes: Readonly<Record<string, ProbeKind>> = {
  ping,
  udp,
  'tcp-connect': tcpConnect,
  http,
  'tcp-session': tcpSession,
  'ssh-session': sshSession,
  bulk,
  dns,
  'dhcp-renew': dhcpRenew,
}

/** Their parameter schemas, as the scenario schema wants them. */
export const probeSchemas: KindSchemas = Object.fromEntries(
  Object.entries(probes).map(([kind, probe]) => [kind, probe.params]),
)

/** What each kind's metrics are computed from. */
export const streamClasses: Readonly<Record<string, StreamClass>> = Object.fromEntries(
  Object.entries(probes).map(([kind, probe]) => [kind, probe.class]),
)
