import type { ImageInput, RenderedImage } from './image.ts'
import { linuxParticulars, linuxTemplate } from './linux.ts'
import { vpnArguments, vpnProgram } from './vpn-program.ts'

/** The far end of a tunnel before it knows its networks and has its certificates: `firedrill-vpn` tells it, once for all its starts. */
export function vpnEndpointTemplate(): RenderedImage {
  return linuxTemplate({
    files: { '/usr/local/sbin/firedrill-vpn': { content: vpnProgram, mode: 0o755 } },
    services: [`[ ! -e ${vpnArguments} ] || xargs firedrill-vpn <${vpnArguments} >>/var/log/firedrill-vpn.log 2>&1`],
  })
}

/** The template as one machine of a topology; whoever uses it brings the certificates. */
export function renderVpnEndpoint(input: ImageInput): RenderedImage {
  const { files, nicPrefix } = vpnEndpointTemplate()
  return { nicPrefix, files: { ...files, ...linuxParticulars(input) } }
}
