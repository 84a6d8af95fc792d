import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ispProgram } from '../../images/isp-program.ts'

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

/** The program of the embedded lab's target, as source or as built. */
function echoServer(): GuestFile[] {
  const folder = join(import.meta.dirname, '../../images')
  const file = ['echo-server.ts', 'echo-server.js'].find((each) => existsSync(join(folder, each))) ?? 'echo-server.ts'
  const program = `/opt/firedrill/images/${file}`
  return [
    { path: program, content: readFileSync(join(folder, file), 'utf8'), mode: '0644' },
    { path: '/etc/systemd/system/firedrill-echo.service', content: echoUnit(program), mode: '0644' },
  ]
}

const echoUnit = (program: string): string => `[Unit]
Description=TCP echo on port 7, what drills hold their sessions against
After=network.target

[Service]
ExecStart=/opt/firedrill/bin/node ${program}
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
    files: () => [],
    enabled: [],
    disabled: [],
  },
  target: {
    packages: [...common, 'tcpdump', 'socat'],
    files: echoServer,
    enabled: ['firedrill-echo.service'],
    disabled: [],
  },
  // Its services start when `firedrill-isp` has told them what to serve.
  'fake-isp': {
    packages: [...common, 'dnsmasq', 'nftables', 'tcpdump', 'socat'],
    files: () => [{ path: '/usr/local/sbin/firedrill-isp', content: ispProgram, mode: '0755' }],
    enabled: [],
    disabled: ['dnsmasq.service', 'nftables.service'],
  },
}

/** The drive of the hypervisor is the only source of particulars: no waiting for a cloud that is not there. */
export const cloudInitFile: GuestFile = {
  path: '/etc/cloud/cloud.cfg.d/99-firedrill.cfg',
  content: 'datasource_list: [NoCloud, ConfigDrive]\npackage_update: false\npackage_upgrade: false\n',
  mode: '0644',
}
