import type { ImageInput, RenderedImage } from './image.ts'
import { firstAddress, held, linuxParticulars, linuxTemplate } from './linux.ts'

/**
 * A host behind the firewalls: `fping`, `ssh`, Node, and TCP echo on port 7 for what is forwarded to it. Its key for logins on the targets belongs in
 * /etc/firedrill/id_ed25519 (0600), their host keys in /etc/ssh/ssh_known_hosts.
 */
export function clientTemplate(): RenderedImage {
  return linuxTemplate({ services: [held('echo-server', '/var/log/echo.log')] })
}

/** The template as one machine of a topology, with a key that the target machines accept. */
export function renderClient(input: ImageInput): RenderedImage {
  const { files, nicPrefix } = clientTemplate()
  const keys = {
    '/etc/firedrill/id_ed25519': { content: input.insideKey.privateKey, mode: 0o600 },
    '/etc/ssh/ssh_known_hosts': { content: knownHosts(input) },
  }
  return { nicPrefix, files: { ...files, ...linuxParticulars(input), ...keys } }
}

function knownHosts({ topology, hostKeys }: ImageInput): string {
  const lines = Object.entries(topology.machines).map(([name, machine]) => {
    const names = [name, firstAddress(machine)].filter((text) => text !== undefined)
    return `${names.join(',')} ${hostKeys[name]}\n`
  })
  return lines.join('')
}
