import type { ImageFile } from '../images/image.ts'
import type { SshKey } from './ssh-key.ts'

/** What every machine's disk holds whatever its image: users, SSH server, and the out-of-band console. */
export function baseFiles(
  hostName: string,
  hostKey: SshKey,
  authorizedKeys: readonly string[],
): Record<string, ImageFile> {
  return {
    '/etc/hostname': { content: `${hostName}\n` },
    '/etc/hosts': { content: `127.0.0.1 localhost\n127.0.1.1 ${hostName}\n` },
    '/etc/resolv.conf': { content: '' },
    '/etc/passwd': { content: users },
    '/etc/group': { content: groups },
    '/etc/nsswitch.conf': { content: nameServices },
    '/etc/ssh/sshd_config': { content: sshServer },
    '/etc/ssh/ssh_config': { content: 'Host *\n  StrictHostKeyChecking yes\n' },
    '/etc/ssh/ssh_host_ed25519_key': { content: hostKey.privateKey, mode: 0o600 },
    '/etc/ssh/ssh_host_ed25519_key.pub': { content: `${hostKey.publicKey}\n` },
    '/etc/firedrill/authorized_keys': { content: `${authorizedKeys.join('\n')}\n`, mode: 0o600 },
    '/etc/firedrill/console': { content: console },
  }
}

// No shadow file: a password of `x` is one that nothing matches, while `*` or `!` would lock the account for keys too.
const users = `root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sshd:x:103:65534::/run/sshd:/usr/sbin/nologin
tcpdump:x:104:104::/nonexistent:/usr/sbin/nologin
dnsmasq:x:105:65534::/var/lib/misc:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`

const groups = `root:x:0:
daemon:x:1:
tty:x:5:
tcpdump:x:104:
nogroup:x:65534:
`

// The host's file may name services that make users up (nss-systemd invents a locked root).
const nameServices = `passwd: files
group: files
shadow: files
hosts: files dns
services: files
protocols: files
`

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/firedrill/bin'

const sshServer = `HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/firedrill/authorized_keys /etc/firedrill/inside_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
MaxSessions 64
MaxStartups 64:30:128
PrintMotd no
PrintLastLog no
SetEnv PATH=${path}
Subsystem sftp internal-sftp
`

// One sshd per connection, its standard streams being the connection: no address, no port, nothing that a fault can reach.
const console = `mkdir -p /run/sshd
exec socat UNIX-LISTEN:/run/serial.sock,fork,mode=600 EXEC:'/usr/sbin/sshd -i -E /var/log/console.log'
`
