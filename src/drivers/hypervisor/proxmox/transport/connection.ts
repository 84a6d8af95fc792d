import type { Target } from '../../../../model/target.ts'
import { type Dispatcher, openConnections } from '../../../http/index.ts'

/** The next hop inside the cluster gives up after 30 s; its 596 should reach us before our own limit. */
const replyTimeoutMs = 35_000

const hints = {
  fingerprint:
    'if the certificate was renewed, copy its SHA-256 fingerprint from the node (`pvenode cert info`) into the target file',
  caFile: 'copy /etc/pve/pve-root-ca.pem from a node of the cluster, or use a fingerprint',
}

/** HTTP/1.1 connections to the target: at most 4, one request at a time on each. */
export const connectTo = ({ fingerprint, caFile }: Target): Dispatcher =>
  openConnections({ fingerprint, caFile, hints }, { connections: 4, replyTimeoutMs })
