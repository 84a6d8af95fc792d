import type { ImageInput, RenderedImage } from './image.ts'
import { bootScript, networkLines, nicOn } from './linux-network.ts'

/**
 * The provider's box: routes between its customer network and what lies beyond, masquerades what leaves by its last NIC,
 * and leases exactly one address.
 */
export function renderFakeIsp(input: ImageInput): RenderedImage {
  const { dhcp } = input.machine
  if (!dhcp) throw new Error(`machine ${input.name}: expected dhcp: { network, lease, router, dns }, got none`)
  const outside = `eth${Object.keys(input.machine.nics).length - 1}`
  const lines = [
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    'nft -f /etc/nftables.conf',
    ...networkLines(input),
    'dnsmasq --keep-in-foreground --conf-file=/etc/dnsmasq.conf &',
  ]
  return {
    nicPrefix: 'eth',
    files: {
      '/etc/firedrill/boot': { content: bootScript(lines) },
      '/etc/nftables.conf': { content: masquerade(outside) },
      '/etc/dnsmasq.conf': { content: lease(nicOn(input, dhcp.network), dhcp) },
    },
  }
}

function masquerade(device: string): string {
  return `table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat
    oifname "${device}" masquerade
  }
}
`
}

// The lease lines of the source document; the lease file is on the disk and so survives a power cut.
function lease(device: string, dhcp: NonNullable<ImageInput['machine']['dhcp']>): string {
  return `interface=${device}
bind-interfaces
dhcp-range=${dhcp.lease},${dhcp.lease},255.255.255.0,12h
dhcp-option=3,${dhcp.router}
dhcp-option=6,${dhcp.dns}
dhcp-leasefile=/var/lib/misc/dnsmasq.leases
no-resolv
user=root
log-dhcp
log-facility=/var/log/dnsmasq.log
`
}
