import { accessSync, constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from './lab-error.ts'

/** Programs of the embedded lab by the Debian package that has them. */
const programPackages: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
  ip: 'iproute2',
  hostname: 'hostname',
  socat: 'socat',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  nft: 'nftables',
  dnsmasq: 'dnsmasq-base',
  fping: 'fping',
  conntrackd: 'conntrackd',
  dhclient: 'isc-dhcp-client',
  tcpdump: 'tcpdump',
  arping: 'iputils-arping',
}

/** Where programs are looked for: a user's PATH often lacks the folders of the administrator's programs. */
export const programPath = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`

/** Throws a LabError that names the first thing that this machine lacks. */
export function checkRequirements(): void {
  if (process.platform !== 'linux') {
    throw new LabError(
      `the embedded lab needs Linux, this is ${process.platform}`,
      'use a Linux machine, or --target with a real cluster',
    )
  }
  if (process.getuid?.() !== 0) {
    throw new LabError(`the embedded lab needs root, this is user ${process.getuid?.()}`, 'start it with sudo')
  }
  const missing = Object.keys(programPackages).filter((program) => !isInstalled(program))
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => programPackages[program]))].join(' ')
    throw new LabError(
      `programs are missing: ${missing.join(', ')}`,
      `apt-get install --no-install-recommends ${packages}`,
    )
  }
  if (!rootIsMountPoint()) {
    throw new LabError(
      'the root folder is not a mount point (a plain chroot)',
      'mount --bind NEWROOT NEWROOT before chroot NEWROOT',
    )
  }
}

function isInstalled(program: string): boolean {
  return programPath.split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

// pivot_root, which gives each machine its own root, works from a mount point only.
function rootIsMountPoint(): boolean {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return lines.some((line) => line.split(' ')[4] === '/')
}
