// @ts-check
/**
 * What set-up may install, and why. This list is the only place that names Debian packages.
 * @typedef {{ name: string, command: string, why: string }} DebianPackage
 *   `command`: a program of the package, which is what is looked for where there is no dpkg.
 */

/** @type {readonly DebianPackage[]} */
export const labPackages = [
  { name: 'conntrackd', command: 'conntrackd', why: 'state sync between the two firewalls' },
  { name: 'conntrack', command: 'conntrack', why: 'reads the state table of a firewall' },
  { name: 'dnsmasq-base', command: 'dnsmasq', why: 'DHCP and DNS of the fake provider and of the LAN' },
  { name: 'nftables', command: 'nft', why: 'filter and NAT of the firewalls' },
  { name: 'openvpn', command: 'openvpn', why: 'both ends of the tunnel, in the lab that has one' },
  { name: 'socat', command: 'socat', why: 'CARP and pfsync packets, out-of-band consoles' },
  { name: 'openssh-server', command: 'sshd', why: 'management access and the held SSH session' },
  { name: 'openssh-client', command: 'ssh-keygen', why: 'keys of the lab, the client of the held SSH session' },
  {
    name: 'isc-dhcp-server',
    command: 'dhcpd',
    why: 'DHCP server of pfSense, which shares its leases with the other node',
  },
  { name: 'isc-dhcp-client', command: 'dhclient', why: 'takes the one WAN lease on takeover' },
  { name: 'fping', command: 'fping', why: 'the ping stream of the drills' },
  { name: 'tcpdump', command: 'tcpdump', why: 'captures inside the lab' },
  { name: 'iputils-arping', command: 'arping', why: 'gratuitous ARP of a new master' },
  { name: 'iputils-ping', command: 'ping', why: 'reachability before a drill' },
  { name: 'openssl', command: 'openssl', why: "certificates of the lab's web servers" },
  { name: 'iproute2', command: 'ip', why: 'bridges, taps, addresses and routes of the lab' },
  { name: 'procps', command: 'sysctl', why: 'kernel settings of the machines' },
  { name: 'util-linux', command: 'unshare', why: 'namespaces that are the machines' },
  { name: 'mount', command: 'mount', why: 'disks of the machines' },
  { name: 'hostname', command: 'hostname', why: 'names of the machines' },
]

/** @type {readonly DebianPackage[]} */
export const testPackages = [
  { name: 'ucarp', command: 'ucarp', why: 'a CARP speaker of somebody else, to test ours against' },
  { name: 'chromium', command: 'chromium', why: 'the WebGUI of the firewalls, as a person uses it' },
  { name: 'libxml2-utils', command: 'xmllint', why: 'checks junit.xml against its schema' },
]

/** @type {readonly DebianPackage[]} */
const freshPackages = [
  { name: 'debootstrap', command: 'debootstrap', why: 'the bare Debian root in which the first commands are tried' },
  { name: 'debian-archive-keyring', command: 'apt-get', why: 'the keys that the bare Debian root is signed with' },
]

/** @type {readonly DebianPackage[]} */
const baselinePackages = [
  { name: 'netcat-openbsd', command: 'nc', why: 'what the published script that is compared with us holds TCP with' },
]

/**
 * What each npm script needs: `node_modules` always, the rest by purpose.
 * @type {Readonly<Record<string, { packages: readonly DebianPackage[], kernel: boolean }>>}
 */
export const purposes = {
  start: { packages: labPackages, kernel: true },
  test: { packages: [...labPackages, ...testPackages], kernel: true },
  baseline: { packages: [...labPackages, ...baselinePackages], kernel: true },
  fresh: { packages: freshPackages, kernel: false },
}
