import type { Lab } from '../../src/model/lab.ts'

/** A fault with its parameters as a scenario writes them; `on`, `from`, `to` are machines. */
export interface Entry {
  kind: string
  params: Readonly<Record<string, unknown>>
  /** A fault that has to be there for this one to make sense. */
  within?: Entry
}

const each = (kind: string, on: string, more: object = {}): Entry => ({ kind, params: { on, ...more } })

/** Every fault that a lab has what it needs for, each in the ways that differ. Machines are named: the matrix breaks no roles. */
export const entriesFor = (lab: Lab): Entry[] => [
  ...onMachines(lab),
  ...onThePair(lab),
  ...onServices(lab),
  ...onPath(lab),
]

/** The provider's machine, and the network on which its customer is. */
function providerOf({ machines }: Lab): { isp: string; customer: string } {
  const isp = Object.keys(machines).find((name) => machines[name]?.image === 'fake-isp') ?? ''
  return { isp, customer: Object.keys(machines[isp]?.nics ?? {})[0] ?? '' }
}

const outsideOf = ({ pair: { vips, stateSync } }: Lab): string =>
  vips.find(({ network }) => network !== stateSync?.network)?.network ?? ''

function onMachines(lab: Lab): Entry[] {
  const { primary, secondary } = lab.pair
  const networks = Object.keys(lab.machines[primary]?.nics ?? {})
  return [
    ...['vm-stop', 'vm-shutdown', 'vm-reboot', 'vm-reset', 'vm-suspend'].map((kind) => each(kind, primary)),
    { ...each('vm-start', secondary), within: each('vm-stop', secondary) },
    each('vm-stop', providerOf(lab).isp),
    ...(lab.machines[secondary]?.node === 2 ? [each('node-death', secondary)] : []),
    ...networks.flatMap((network) =>
      ['link-down', 'path-down', 'nic-move'].map((kind) => each(kind, primary, { network })),
    ),
    each('link-flap', primary, { network: outsideOf(lab), times: 3, period: '2s' }),
    ...Object.entries(lab.networks).flatMap(([network, { vxlan }]) =>
      vxlan === undefined ? [] : [each('tunnel-cut', primary, { network })],
    ),
  ]
}

function onThePair(lab: Lab): Entry[] {
  const { primary, secondary, stateSync } = lab.pair
  const between = { from: primary, to: secondary }
  return [
    ...['carp-maintenance', 'carp-disable', 'carp-force-backup', 'pf-disable'].map((kind) => each(kind, primary)),
    each('carp-password', secondary, { network: outsideOf(lab) }),
    { kind: 'carp-drop', params: between },
    { kind: 'carp-drop', params: { ...between, ways: 'both' } },
    ...(stateSync === undefined
      ? []
      : [
          { kind: 'pfsync-drop', params: between },
          each('sync-ping', primary),
          ...[primary, secondary].map((on) => each('pfsync-bulk-silent', on)),
        ]),
  ]
}

function onServices(lab: Lab): Entry[] {
  const { primary, secondary, dhcp } = lab.pair
  const leasing = dhcp === undefined ? [] : ['dhcpd']
  const names = lab.machines[primary]?.image.startsWith('opnsense') ? ['dnsmasq'] : leasing
  const vpn = lab.pair.vpn === undefined ? [] : ['openvpn']
  return [
    ...[...names, ...vpn, 'webgui'].map((service) => each('service-hang', primary, { service })),
    each('service-stop', primary, { service: 'webgui' }),
    each('config-change', primary),
    each('clock-step', primary, { seconds: 300 }),
    each('clock-step', secondary, { seconds: -300 }),
    each('command', secondary, {
      run: 'touch /tmp/firedrill-matrix',
      proof: 'test -e /tmp/firedrill-matrix',
      undo: 'rm -f /tmp/firedrill-matrix',
      undone: 'test ! -e /tmp/firedrill-matrix',
    }),
  ]
}

function onPath(lab: Lab): Entry[] {
  const { isp, customer } = providerOf(lab)
  const impairments = [{ loss: 20 }, { rate: '1mbit' }, { mtu: 1200 }, { delay: '50ms' }]
  return [
    each('gateway-blackhole', isp, { network: customer }),
    each('dns-dead', 'target', { network: 'uplink' }),
    ...impairments.map((how) => each('path-impair', isp, { network: customer, ...how })),
    each('isp-stale-arp', isp, { network: customer }),
    ...(lab.machines[isp]?.dhcp === undefined
      ? []
      : ['silent', 'slow', 'nak'].map((mode) => each('dhcp-server', isp, { mode }))),
  ]
}
