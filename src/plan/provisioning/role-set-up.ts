import type { Lab } from '../../model/lab.ts'
import { first4, first6, hostOf, isIpv6, maskOf, subnetOf } from './address.ts'
import type { LabMaterial } from './material.ts'

/** One command that a machine runs after its first boot; running it again changes nothing. `input` is its standard input. */
export interface SetUp {
  command: string
  input: string
  /** What it is for, for people; never a secret. */
  what: string
}

/** What the machines of a role still need after they booted. `hostKeys`: public host keys by machine, `ssh-ed25519 AAAA...`. */
export function roleSetUp(
  lab: Lab,
  machine: string,
  material: LabMaterial,
  hostKeys: Readonly<Record<string, string>>,
): SetUp[] {
  const image = lab.machines[machine]?.image
  if (image === 'fake-isp') return providerSetUp(lab, machine)
  if (image === 'client') return clientSetUp(lab, material, hostKeys)
  if (image === 'vpn-endpoint') return endpointSetUp(lab, machine, material)
  return []
}

/** Machines whose host keys the set-up of a machine needs: a client knows its targets. */
export const setUpNeeds = (lab: Lab, machine: string): string[] =>
  lab.machines[machine]?.image === 'client' ? targetsOf(lab) : []

/** Whether a machine has a set-up at all. */
export const hasSetUp = (lab: Lab, machine: string): boolean =>
  ['fake-isp', 'client', 'vpn-endpoint'].includes(lab.machines[machine]?.image ?? '')

function targetsOf(lab: Lab): string[] {
  return Object.keys(lab.machines).filter((name) => lab.machines[name]?.image === 'target')
}

function providerSetUp(lab: Lab, machine: string): SetUp[] {
  const { nics = {}, dhcp } = lab.machines[machine] ?? {}
  const networks = Object.keys(nics)
  const wan = dhcp?.network ?? networks[0] ?? ''
  const uplink = networks.findLast((network) => network !== wan) ?? wan
  const nicOn = (network: string) => `eth${networks.indexOf(network)}`
  const lease = dhcp === undefined ? [] : ['--lease', dhcp.lease, '--router', dhcp.router, '--dns', dhcp.dns]
  const routes = routesBehind(lab, wan).flatMap((route) => ['--route', route])
  const words = ['firedrill-isp', '--wan', nicOn(wan), '--uplink', nicOn(uplink), ...lease, ...routes]
  const what = [...(dhcp === undefined ? [] : [`lease ${dhcp.lease} on ${wan}`]), `masquerade towards ${uplink}`]
  return [{ command: words.join(' '), input: '', what: what.join(', ') }]
}

/** The customer's IPv6 prefixes, which nothing translates: a provider sends them to the shared address on his network. */
function routesBehind({ networks, pair }: Lab, wan: string): string[] {
  const via = pair.vips.find(({ network, address }) => network === wan && isIpv6(address))?.address
  const inside = pair.vips.filter(({ network }) => network !== wan).map(({ network }) => network)
  const prefixes = [...new Set(inside)].flatMap((network) => first6(networks[network]?.subnet) ?? [])
  return via === undefined ? [] : prefixes.map((prefix) => `${prefix},${hostOf(via)}`)
}

/** Certificates first: the server reads them when it starts. */
function endpointSetUp(lab: Lab, machine: string, { vpn: material }: LabMaterial): SetUp[] {
  const offered = lab.machines[machine]?.vpn
  if (offered === undefined || material === undefined) return []
  const [network, mask] = [hostOf(subnetOf(offered.tunnel)), maskOf(offered.tunnel)]
  const words = ['--uplink', 'eth0', '--network', network, '--mask', mask, '--port', String(offered.port)]
  const folder = '/etc/firedrill/vpn'
  return [
    writeFile(`${folder}/ca.crt`, '644', material.ca, 'authority of the tunnel'),
    writeFile(`${folder}/server.crt`, '644', material.server.certificate, 'certificate of the tunnel'),
    writeFile(`${folder}/server.key`, '600', material.server.key, 'key of the tunnel'),
    { command: ['firedrill-vpn', ...words].join(' '), input: '', what: `tunnel ${offered.tunnel}` },
  ]
}

function clientSetUp(lab: Lab, material: LabMaterial, hostKeys: Readonly<Record<string, string>>): SetUp[] {
  const known = targetsOf(lab).map((name) => `${namesOf(lab, name).join(',')} ${hostKeys[name] ?? ''}\n`)
  return [
    writeFile('/etc/firedrill/id_ed25519', '600', `${material.insideKey.privateKey.trimEnd()}\n`, 'key for the target'),
    writeFile('/etc/ssh/ssh_known_hosts', '644', known.join(''), 'host key of the target'),
  ]
}

function namesOf(lab: Lab, machine: string): string[] {
  const nics = Object.values(lab.machines[machine]?.nics ?? {})
  const addresses = nics.flatMap((nic) => [first4(nic), first6(nic)]).filter((address) => address !== null)
  return [machine, ...addresses.map(hostOf)]
}

/** The content goes in by standard input, so that it is never in a process list; the file is whole at any instant. */
function writeFile(path: string, mode: string, content: string, what: string): SetUp {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const command = `mkdir -p ${folder} && umask 077 && cat > ${path}.new && chmod ${mode} ${path}.new && mv ${path}.new ${path}`
  return { command, input: content, what }
}
