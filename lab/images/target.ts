import type { ImageInput, RenderedImage } from './image.ts'
import { held, linuxParticulars, linuxTemplate } from './linux.ts'
import { makeWebKey } from './web-key.ts'

/** A server beyond the ISP: TCP and UDP echo on port 7, names on UDP 53, SSH on port 22, web pages on 80 and 443, a log collector on UDP 514. */
export function targetTemplate(): RenderedImage {
  return linuxTemplate({
    services: [
      held('echo-server', '/var/log/echo.log'),
      held('udp-reflector', '/var/log/udp-reflector.log'),
      held('dns-server', '/var/log/dns-server.log'),
      held('syslog-server', '/var/log/syslog-server.log'),
      makeWebKey,
      held('web-server', '/var/log/web.log'),
    ],
  })
}

/** The template as one machine of a topology, where the clients of the lab may log in as root. */
export function renderTarget(input: ImageInput): RenderedImage {
  const { files, nicPrefix } = targetTemplate()
  const insideKeys = { '/etc/firedrill/inside_keys': { content: `${input.insideKey.publicKey}\n`, mode: 0o600 } }
  return { nicPrefix, files: { ...files, ...linuxParticulars(input), ...insideKeys } }
}
