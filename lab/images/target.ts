import type { ImageInput, RenderedImage } from './image.ts'
import { linuxParticulars, linuxTemplate } from './linux.ts'

/** A server beyond the ISP: TCP echo on port 7 and SSH on port 22. */
export function targetTemplate(): RenderedImage {
  return linuxTemplate({
    services: [
      'sh -c "while :; do /opt/firedrill/bin/node /opt/firedrill/images/echo-server.*s; sleep 1; done" >/var/log/echo.log 2>&1 &',
    ],
  })
}

/** The template as one machine of a topology, where the clients of the lab may log in as root. */
export function renderTarget(input: ImageInput): RenderedImage {
  const { files, nicPrefix } = targetTemplate()
  const insideKeys = { '/etc/firedrill/inside_keys': { content: `${input.insideKey.publicKey}\n`, mode: 0o600 } }
  return { nicPrefix, files: { ...files, ...linuxParticulars(input), ...insideKeys } }
}
