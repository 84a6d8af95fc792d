import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ispProgram } from '../../images/isp-program.ts'
import { vpnProgram } from '../../images/vpn-program.ts'
import { makeWebKey } from '../../images/web-key.ts'

/** A file of a machine's disk. */
export interface GuestFile {
  path: string
  content: string
  mode: string
}

/** What one Linux machine has beyond a plain Debian: packages, files, and units that start or do not. */
export interface LinuxRole {
  packages: readonly string[]
  files: () => readonly GuestFile[]
  enabled: readonly string[]
  disabled: readonly string[]
}

/** Everywhere: the harness reaches a machine by SSH and asks its agent for addresses. */
const common: readonly string[] = ['qemu-guest-agent', 'openssh-server', 'iproute2', 'iputils-ping']

/** What the embedded lab's target serves too. */
const targetServices: Readonly<Record<string, { does: string; before: readonly string[] }>> = {
  'echo-server': { does: 'TCP echo on port 7, what drills hold their sessions against', before: [] },
  'udp-reflector': { does: 'UDP echo on port 7 that numbers its answers, per stream', before: [] },
  'dns-server': { does: 'names below firedrill.test on UDP 53, what DNS probes ask for', before: [] },
  'syslog-server': { does: 'collects syslog on UDP 514 in /var/log/remote.log', before: [] },
  'web-server': {
    does: 'web pages on ports 80 and 443, what HTTP probes ask for',
    before: [`ExecStartPre=/bin/sh -c '${makeWebKey}'`],
  },
}

/** The programs of the embedded lab's target, as source or as built, each with its unit. */
function serviceFiles(names: readonly string[]): GuestFile[] {
  const folder = join(import.meta.dirname, '../../images')
  return Object.entries(targetServices).flatMap(([name, { does, before }]): GuestFile[] => {
    if (!names.includes(name)) return []
    const file = [`${name}.ts`, `${name}.js`].find((each) => existsSync(join(folder, each))) ?? `${name}.ts`
    const program = `/opt/firedrill/images/${file}`
    return [
      { path: program, content: readFileSync(join(folder, file), 'utf8'), mode: '0644' },
      { path: `/etc/systemd/system/firedrill-${name}.service`, content: unit(program, does, before), mode: '0644' },
    ]
  })
}

const unit = (program: string, does: string, before: readonly string[]): string => `[Unit]
Description=${does}
After=network.target

[Service]
${[...before, `ExecStart=/opt/firedrill/bin/node ${program}`].join('\n')}
Restart=always
RestartSec=1
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
`

/** The Linux machines by image. Node lies where the embedded lab has it too. */
export const linuxRoles: Readonly<Record<string, LinuxRole>> = {
  client: {
    packages: [...common, 'fping', 'openssh-client', 'tcpdump', 'socat'],
    files: () => serviceFiles(['echo-server']),
    enabled: ['firedrill-echo-server.service'],
    disabled: [],
  },
  target: {
    packages: [...common, 'tcpdump', 'socat', 'openssl'],
    files: () => serviceFiles(Object.keys(targetServices)),
    enabled: Object.keys(targetServices).map((name) => `firedrill-${name}.service`),
    disabled: [],
  },
  // Its services start when `firedrill-isp` has told them what to serve.
  'fake-isp': {
    packages: [...common, 'dnsmasq', 'nftables', 'tcpdump', 'socat'],
    files: () => [{ path: '/usr/local/sbin/firedrill-isp', content: ispProgram, mode: '0755' }],
    enabled: [],
    disabled: ['dnsmasq.service', 'nftables.service'],
  },
  // It starts when `firedrill-vpn` has told it what to serve.
  'vpn-endpoint': {
    packages: [...common, 'openvpn', 'nftables', 'tcpdump'],
    files: () => [{ path: '/usr/local/sbin/firedrill-vpn', content: vpnProgram, mode: '0755' }],
    enabled: [],
    disabled: ['nftables.service', 'openvpn.service'],
  },
}

/** The drive of the hypervisor is the only source of particulars: no waiting for a cloud that is not there. */
export const cloudInitFile: GuestFile = {
  path: '/etc/cloud/cloud.cfg.d/99-firedrill.cfg',
  content: 'datasource_list: [NoCloud, ConfigDrive]\npackage_update: false\npackage_upgrade: false\n',
  mode: '0644',
}
