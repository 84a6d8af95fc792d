import type { ImageFile } from '../image.ts'
import type { NicConfig, Particulars } from './particulars.ts'

/** What has to be done to a machine: files to write, lines for `ip -batch`, NICs on which to ask for a lease. */
export type SetUp = { files: Record<string, ImageFile>; ipLines: string[]; dhcp: string[]; complaints: string[] }

/** A NIC that the machine really has. */
export type Link = { name: string; mac: string }

/** Turns particulars into what has to be done on a machine with these NICs. Doing it twice is the same as once. */
export function planSetUp({ network, meta, user }: Particulars, links: readonly Link[]): SetUp {
  const complaints: string[] = []
  const found = (network?.nics ?? []).flatMap((nic) => {
    const device = deviceOf(nic, links)
    if (device === undefined) complaints.push(`no NIC ${nic.name} (${nic.mac ?? 'any MAC'}) in this machine`)
    return device === undefined ? [] : [{ ...nic, device }]
  })
  const files: Record<string, ImageFile> = {
    ...(meta && hostNameFiles(meta.hostname)),
    ...(network &&
      network.nameservers.length > 0 && { '/etc/resolv.conf': { content: resolver(network.nameservers) } }),
    ...(user && { '/etc/firedrill/authorized_keys': { content: lines(user.sshKeys), mode: 0o600 } }),
  }
  const ipLines = [...found.flatMap(addressLines), ...found.flatMap(routeLines)]
  return { files, ipLines, dhcp: found.filter(({ dhcp }) => dhcp).map(({ device }) => device), complaints }
}

type FoundNic = NicConfig & { device: string }

function deviceOf({ name, mac }: NicConfig, links: readonly Link[]): string | undefined {
  if (mac === null) return links.find((link) => link.name === name)?.name
  const fitting = links.filter((link) => link.mac === mac)
  return (fitting.find((link) => link.name === name) ?? fitting[0])?.name
}

// Nobody else has these addresses, and duplicate address detection would keep them back for a second.
function addressLines({ address, address6, device }: FoundNic): string[] {
  return [
    ...(address === null ? [] : [`address replace ${address} brd + dev ${device}`]),
    ...(address6 === undefined ? [] : [`address replace ${address6} dev ${device} nodad`]),
    `link set ${device} up`,
  ]
}

function routeLines({ gateway, gateway6, device }: FoundNic): string[] {
  return [
    ...(gateway === undefined ? [] : [`route replace default via ${gateway} dev ${device}`]),
    ...(gateway6 === undefined ? [] : [`route replace ::/0 via ${gateway6} dev ${device}`]),
  ]
}

function hostNameFiles(name: string): Record<string, ImageFile> {
  return {
    '/etc/hostname': { content: `${name}\n` },
    '/etc/hosts': { content: `127.0.0.1 localhost\n127.0.1.1 ${name}\n` },
  }
}

function resolver(nameservers: readonly string[]): string {
  return lines(nameservers.map((address) => `nameserver ${address}`))
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
