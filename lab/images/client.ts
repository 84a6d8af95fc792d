import type { ImageInput, RenderedImage } from './image.ts'
import { bootScript, firstAddress, networkLines } from './linux-network.ts'

/** A host behind the firewalls: `fping`, `ssh` and Node, with a key that the target machines accept. */
export function renderClient(input: ImageInput): RenderedImage {
  return {
    nicPrefix: 'eth',
    files: {
      '/etc/firedrill/boot': { content: bootScript(networkLines(input)) },
      '/etc/firedrill/id_ed25519': { content: input.insideKey.privateKey, mode: 0o600 },
      '/etc/ssh/ssh_known_hosts': { content: knownHosts(input) },
    },
  }
}

function knownHosts({ topology, hostKeys }: ImageInput): string {
  const lines = Object.entries(topology.machines).map(([name, machine]) => {
    const names = [name, firstAddress(machine)].filter((text) => text !== undefined)
    return `${names.join(',')} ${hostKeys[name]}\n`
  })
  return lines.join('')
}
