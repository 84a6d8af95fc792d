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
 * and leases exactly one address.
 */
export function renderFakeIsp(input: ImageInput): RenderedImage {
  const { dhcp } = input.machine
  if (!dhcp) throw new Error(`machine ${input.name}: expected dhcp: { network, lease, router, dns }, got none`)
  const outside = `eth${Object.keys(input.machine.nics).length - 1}`
  const { lease, router, dns } = dhcp
  const told = `--wan ${nicOn(input, dhcp.network)} --uplink ${outside} --lease ${lease} --router ${router} --dns ${dns}\n`
  const { files, nicPrefix } = fakeIspTemplate()
  return { nicPrefix, files: { ...files, ...linuxParticulars(input), [ispArguments]: { content: told } } }
}
