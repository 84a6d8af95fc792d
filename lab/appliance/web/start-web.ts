import type { Server } from 'node:https'
import { webCertificate } from './certificate.ts'
import type { WebFirewall } from './firewall.ts'
import { opnsenseSite } from './opnsense/site.ts'
import { pfsenseSite } from './pfsense/site.ts'
import { createWebServer } from './server.ts'

/** Where the firewall listens: its own addresses, and the socket that leads out of band. */
export type WebPlaces = { certificate: string; socket: string; port: number }

const places: WebPlaces = { certificate: '/conf/cert', socket: '/run/https.sock', port: 443 }

/** Starts the HTTPS side of the firewall: REST, WebGUI, XMLRPC. Resolves when both places answer. */
export async function startWeb(firewall: WebFirewall, at: WebPlaces = places): Promise<{ stop: () => void }> {
  const { config, flavour } = firewall.control
  const certificate = await webCertificate(at.certificate, `${config.hostName}.${config.domain}`)
  const site = flavour === 'pfsense' ? pfsenseSite(firewall) : opnsenseSite(firewall)
  const servers = [createWebServer(site, certificate), createWebServer(site, certificate)] as const
  await Promise.all([listen(servers[0], at.socket), listen(servers[1], at.port)])
  return {
    stop: () => {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

function listen(server: Server, place: string | number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(place, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
