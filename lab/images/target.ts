import type { ImageInput, RenderedImage } from './image.ts'
import { linuxParticulars, linuxTemplate } from './linux.ts'
import { makeWebKey } from './web-key.ts'

/** A server beyond the ISP: TCP echo on port 7, SSH on port 22, web pages on 80 and 443. */
export function targetTemplate(): RenderedImage {
  return linuxTemplate({
    services: [held('echo-server', '/var/log/echo.log'), makeWebKey, held('web-server', '/var/log/web.log')],
  })
}

/** A program of this folder that is started again whenever it ends. */
function held(program: string, log: string): string {
  const loop = `while :; do /opt/firedrill/bin/node /opt/firedrill/images/${program}.*s; sleep 1; done`
  return `sh -c "${loop}" >${log} 2>&1 &`
}

/** The template as one machine of a topology, where the clients of the lab may log in as root. */
export function renderTarget(input: ImageInput): RenderedImage {
  const { files, nicPrefix } = targetTemplate()
  const insideKeys = { '/etc/firedrill/inside_keys': { content: `${input.insideKey.publicKey}\n`, mode: 0o600 } }
  return { nicPrefix, files: { ...files, ...linuxParticulars(input), ...insideKeys } }
}
