import type { ImageInput, RenderedImage } from './image.ts'
import { ispArguments, ispProgram } from './isp-program.ts'
import { linuxParticulars, linuxTemplate, nicOn } from './linux.ts'

/** The provider's box before it knows its networks: `firedrill-isp` tells it, once for all its starts. */
export function fakeIspTemplate(): RenderedImage {
  return linuxTemplate({
    files: { '/usr/local/sbin/firedrill-isp': { content: ispProgram, mode: 0o755 } },
    services: [`[ ! -e ${ispArguments} ] || xargs firedrill-isp <${ispArguments} >>/var/log/firedrill-isp.log 2>&1`],
  })
}

/**
 * The provider's box: routes between its customer network and what lies beyond, masquerades what leaves by its last NIC,
 * and leases exactly one address where the topology says which.
 */
export function renderFakeIsp(input: ImageInput): RenderedImage {
  const { dhcp, nics } = input.machine
  const networks = Object.keys(nics)
  const wan = dhcp?.network ?? networks[0] ?? ''
  const lease = dhcp === undefined ? [] : ['--lease', dhcp.lease, '--router', dhcp.router, '--dns', dhcp.dns]
  const told = ['--wan', nicOn(input, wan), '--uplink', `eth${networks.length - 1}`, ...lease].join(' ')
  const { files, nicPrefix } = fakeIspTemplate()
  return { nicPrefix, files: { ...files, ...linuxParticulars(input), [ispArguments]: { content: `${told}\n` } } }
}
