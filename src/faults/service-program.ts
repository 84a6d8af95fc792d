/** Services of the firewalls whose programs run as processes of their own, whatever their settings, by what `pgrep -x` finds them with. */
const programs = {
  dnsmasq: 'dnsmasq',
  dhcpd: 'dhcpd',
  openvpn: 'openvpn',
  /** REST, WebGUI and what the peer syncs its configuration to: lighttpd of OPNsense, nginx of pfSense. */
  webgui: 'lighttpd|nginx',
} as const

export type Service = keyof typeof programs
export const services = ['dnsmasq', 'dhcpd', 'openvpn', 'webgui'] as const satisfies readonly Service[]

/** The processes of a service, as a word for `pgrep -x` and `pkill -x`. */
export const processesOf = (service: Service): string => `'${programs[service]}'`
