import type { OpenvpnClient } from './service-config.ts'

/** Where a client's files are, as on pfSense. */
export function openvpnFolder({ id }: Pick<OpenvpnClient, 'id'>): string {
  return `/var/etc/openvpn/client${id}`
}

/** The client's configuration; its certificates are files beside it. */
export function renderOpenvpnConfig(client: OpenvpnClient): string {
  const { device, server, local, ciphers, digest, ignoresRoutes, keepalive } = client
  const folder = openvpnFolder(client)
  const lines = [
    'client',
    `dev ${device}`,
    'dev-type tun',
    `proto ${server.protocol}`,
    `remote ${server.host} ${server.port}`,
    local === undefined ? 'nobind' : `local ${local}`,
    ...(local === undefined ? [] : ['lport 0']),
    'resolv-retry infinite',
    'persist-tun',
    'persist-key',
    `ca ${folder}/ca`,
    `cert ${folder}/cert`,
    `key ${folder}/key`,
    `data-ciphers ${ciphers}`,
    `auth ${digest}`,
    `keepalive ${keepalive.intervalSeconds} ${keepalive.timeoutSeconds}`,
    'connect-retry 1 5',
    ...(ignoresRoutes ? ['route-nopull'] : []),
    'verb 3',
    'suppress-timestamps',
  ]
  return `${lines.join('\n')}\n`
}
