/** What the DHCP server does on one interface. */
export type DhcpServer = {
  key: string
  device: string
  /** The interface's network. */
  subnet: string
  range: { from: string; to: string }
  router?: string
  nameServers: readonly string[]
  /** OPNsense: an offer is not made before so many seconds. */
  replyDelaySeconds: number
  /** pfSense: the other node's address, with which leases are shared. */
  peer?: string
}

/** Where the system log is sent to, by UDP. */
export type SyslogDestination = { host: string; port: number; format: 'rfc5424' | 'rfc3164' }

/** A tunnel to a server, as an interface. Bound to a shared address it runs on the node that is MASTER of it. */
export type OpenvpnClient = {
  id: string
  /** `ovpnc1`. */
  device: string
  /** Of the interface that it is assigned to. */
  key?: string
  description: string
  server: { host: string; port: number; protocol: 'udp4' | 'tcp4-client' }
  /** The address that it comes from: absent where the interface's own is leased. */
  local?: string
  /** The shared address that it follows. */
  carp?: { device: string; vhid: number }
  /** PEM. */
  ca: string
  certificate: string
  privateKey: string
  ciphers: string
  digest: string
  /** Routes that the server tells are not taken. */
  ignoresRoutes: boolean
  keepalive: { intervalSeconds: number; timeoutSeconds: number }
}
