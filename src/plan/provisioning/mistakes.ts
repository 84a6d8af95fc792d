import type { Lab } from '../../model/lab.ts'
import { secretNames } from './material.ts'
import { machinesPerLab, vlanOf } from './names.ts'

const lastVlan = 4094
const images = /^(fake-isp|client|target|vpn-endpoint|(opnsense|pfsense)-\d+\.\d+)$/

/** Why a lab cannot be provisioned as this instance, one line each, all at once; empty where it can. `secrets`: the names at hand. */
export function provisioningMistakes(lab: Lab, instance: number, secrets: readonly string[]): string[] {
  return [
    ...sizeMistakes(lab),
    ...nameMistakes(lab),
    ...imageMistakes(lab),
    ...tagMistakes(lab, instance),
    ...managementMistakes(lab),
    ...missingSecrets(lab, secrets),
  ]
}

function sizeMistakes(lab: Lab): string[] {
  const count = Object.keys(lab.machines).length
  return count > machinesPerLab ? [`expected at most ${machinesPerLab} machines in lab ${lab.lab}, got ${count}`] : []
}

/** `-i1` at the end is how a second instance is called. */
function nameMistakes({ lab }: Lab): string[] {
  return /-i\d+$/.test(lab) ? [`expected a lab name that does not end like an instance (-i1), got "${lab}"`] : []
}

function imageMistakes(lab: Lab): string[] {
  return Object.entries(lab.machines).flatMap(([machine, { image, vpn }]) => {
    if (!images.test(image)) return [`machine ${machine}: expected an image with a template (${known}), got "${image}"`]
    if ((image === 'vpn-endpoint') !== (vpn !== undefined))
      return [`machine ${machine}: expected vpn: { tunnel } with image vpn-endpoint, and with no other, got "${image}"`]
    const inPair = [lab.pair.primary, lab.pair.secondary].includes(machine)
    return isFirewall(image) === inPair
      ? []
      : [`machine ${machine}: expected the firewalls to be the pair, got "${image}"`]
  })
}

const known = 'fake-isp, client, target, vpn-endpoint, opnsense-<release>, pfsense-<release>'

/** Whether machines of this image are firewalls. */
export const isFirewall = (image: string): boolean => /^(opnsense|pfsense)-/.test(image)

function tagMistakes(lab: Lab, instance: number): string[] {
  const networks = Object.keys(lab.networks)
  const taken = new Map<number, string>()
  return networks.flatMap((network) => {
    const tag = vlanOf(lab, network, instance)
    const other = taken.get(tag)
    taken.set(tag, network)
    if (other !== undefined) return [`network ${network}: expected a VLAN of its own, got ${tag}, which ${other} has`]
    return tag > lastVlan
      ? [`network ${network}: expected a free VLAN tag up to ${lastVlan}, got ${tag} as instance ${instance}`]
      : []
  })
}

function managementMistakes({ management, machines }: Lab): string[] {
  if (management === undefined || management.addresses === 'dhcp') return []
  const { addresses } = management
  return Object.keys(machines).flatMap((machine) =>
    Object.hasOwn(addresses, machine)
      ? []
      : [`machine ${machine}: expected its address in management.addresses, got none`],
  )
}

function missingSecrets(lab: Lab, secrets: readonly string[]): string[] {
  return secretNames(lab)
    .filter((name) => !secrets.includes(name))
    .map(
      (name) =>
        `expected a value for \${secret:${name}}: set ${secretVariable(name)}, or name it in the file of --secrets`,
    )
}

/** The environment variable of a secret, like FIREDRILL_SECRET_CARP. */
export const secretVariable = (name: string): string =>
  `FIREDRILL_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
