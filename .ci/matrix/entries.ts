import type { Lab } from '../../src/model/lab.ts'

/** A fault with its parameters as a scenario writes them; `on`, `from`, `to` are machines. */
export interface Entry {
  kind: string
  params: Readonly<Record<string, unknown>>
}

/** Every fault that a lab has what it needs for, each in the ways that differ. Machines are named: the matrix breaks no roles. */
export function entriesFor(lab: Lab): Entry[] {
  const { primary, secondary, vips, stateSync } = lab.pair
  const outside = vips.find(({ network }) => network !== stateSync?.network)?.network ?? ''
  const networks = Object.keys(lab.machines[primary]?.nics ?? {})
  const isp = Object.keys(lab.machines).find((name) => lab.machines[name]?.image === 'fake-isp') ?? ''
  const customer = Object.keys(lab.machines[isp]?.nics ?? {})[0] ?? ''
  const each = (kind: string, on: string, more: object = {}): Entry => ({ kind, params: { on, ...more } })
  return [
    ...['vm-stop', 'vm-shutdown', 'vm-reboot', 'vm-reset', 'vm-suspend'].map((kind) => each(kind, primary)),
    each('vm-stop', isp),
    ...(lab.machines[secondary]?.node === 2 ? [each('node-death', secondary)] : []),
    ...networks.flatMap((network) =>
      ['link-down', 'path-down', 'nic-move'].map((kind) => each(kind, primary, { network })),
    ),
    each('link-flap', primary, { network: outside, times: 3, period: '2s' }),
    ...['carp-maintenance', 'carp-disable', 'carp-force-backup', 'pf-disable'].map((kind) => each(kind, primary)),
    each('carp-password', secondary, { network: outside }),
    { kind: 'carp-drop', params: { from: primary, to: secondary } },
    { kind: 'carp-drop', params: { from: primary, to: secondary, ways: 'both' } },
    ...(stateSync === undefined ? [] : [{ kind: 'pfsync-drop', params: { from: primary, to: secondary } }]),
    ...(stateSync === undefined ? [] : [primary, secondary].map((on) => each('pfsync-bulk-silent', on))),
    each('gateway-blackhole', isp, { network: customer }),
    each('dns-dead', 'target', { network: 'uplink' }),
    each('path-impair', isp, { network: customer, loss: 20 }),
    each('path-impair', isp, { network: customer, rate: '1mbit' }),
    each('path-impair', isp, { network: customer, mtu: 1200 }),
    each('path-impair', isp, { network: customer, delay: '50ms' }),
    each('service-hang', primary, {
      service: lab.machines[primary]?.image.startsWith('opnsense') ? 'dnsmasq' : 'dhcpd',
    }),
    each('service-hang', primary, { service: 'webgui' }),
    each('service-stop', primary, { service: 'webgui' }),
    each('clock-step', primary, { seconds: 300 }),
    each('clock-step', secondary, { seconds: -300 }),
    each('isp-stale-arp', isp, { network: customer }),
    ...(lab.machines[isp]?.dhcp === undefined
      ? []
      : ['silent', 'slow', 'nak'].map((mode) => each('dhcp-server', isp, { mode }))),
  ]
}
