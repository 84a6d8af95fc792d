import { randomBytes } from 'node:crypto'
import type { ImageInput, RenderedImage } from '../images/image.ts'
import { images } from '../images/registry.ts'
import type { Machine, Topology } from '../topologies/topology.ts'
import { baseFiles } from './base-files.ts'
import { LabError } from './lab-error.ts'
import { createSshKey, type SshKey } from './ssh-key.ts'

/** A machine with what its disk will hold; `hostKey` is its SSH server's. */
export type RenderedMachine = { name: string; machine: Machine; hostKey: SshKey; image: RenderedImage }

/** Renders all machines of a topology in its order, with fresh keys and secrets. `accessKey` may log in everywhere as root. */
export function renderMachines(
  topology: Topology,
  defects: Readonly<Record<string, readonly string[]>>,
  accessKey: SshKey,
  hostKeyOf: (machine: string) => SshKey = () => createSshKey(),
): RenderedMachine[] {
  const machines = Object.entries(topology.machines).map(([name, machine]) => ({
    name,
    machine,
    hostKey: hostKeyOf(name),
  }))
  const hostKeys = Object.fromEntries(machines.map(({ name, hostKey }) => [name, hostKey.publicKey]))
  const common = { topology, hostKeys, insideKey: createSshKey(), reveal: createReveal() }
  return machines.map(({ name, machine, hostKey }) => {
    const image = renderImage({ ...common, name, machine, defects: defects[name] ?? [] })
    const files = { ...baseFiles(name, hostKey, [accessKey.publicKey]), ...image.files }
    return { name, machine, hostKey, image: { ...image, files } }
  })
}

function renderImage(input: ImageInput): RenderedImage {
  const { name, machine } = input
  const image = images.find(({ pattern }) => pattern.test(machine.image))
  if (!image) {
    const known = images.map(({ pattern }) => pattern.source).join(' ')
    throw new LabError(`machine ${name}: unknown image ${machine.image}`, `use one that matches ${known}`, 64)
  }
  try {
    return image.render(input)
  } catch (error) {
    throw new LabError(error instanceof Error ? error.message : String(error), 'correct the topology or the defect', 64)
  }
}

// Secrets of an embedded lab are random unless the environment has them; one value per name and lab.
function createReveal(): (text: string) => string {
  const values = new Map<string, string>()
  const valueOf = (name: string): string => {
    const variable = `FIREDRILL_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
    const value = values.get(name) ?? process.env[variable] ?? randomBytes(12).toString('hex')
    values.set(name, value)
    return value
  }
  return (text) => text.replace(/\$\{secret:([\w-]+)\}/g, (_match, name: string) => valueOf(name))
}
