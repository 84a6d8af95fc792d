import type { Server } from 'node:http'
import { webCertificate } from './certificate.ts'
import type { WebFirewall } from './firewall.ts'
import { opnsenseSite } from './opnsense/site.ts'
import { pfsenseSite } from './pfsense/site.ts'
import { createPlainServer, createWebServer } from './server.ts'
import { servedBy, type WebProcess } from './web-process.ts'

/** Where the firewall listens besides the port of its settings: the socket that leads out of band, always over TLS. */
export type WebPlaces = { certificate: string; socket: string; port?: number }

const places: WebPlaces = { certificate: '/conf/cert', socket: '/run/https.sock' }

/** Starts REST, WebGUI and XMLRPC, on the port and with the protocol of the settings. Resolves when both places answer. */
export async function startWeb(
  firewall: WebFirewall,
  process: Pick<WebProcess, 'isStill'>,
  at: WebPlaces = places,
): Promise<{ stop: () => void }> {
  const { config, flavour } = firewall.control
  const certificate = await webCertificate(at.certificate, `${config.hostName}.${config.domain}`)
  const site = servedBy(process, flavour === 'pfsense' ? pfsenseSite(firewall) : opnsenseSite(firewall))
  const inside = createWebServer(site, certificate)
  const outside = config.webgui.protocol === 'http' ? createPlainServer(site) : createWebServer(site, certificate)
  await Promise.all([listen(inside, at.socket), listen(outside, at.port ?? config.webgui.port)])
  return {
    stop: () => {
      for (const server of [inside, outside]) {
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
