import type { Machine, Topology } from '../topologies/topology.ts'

/** What an image is rendered from. Rendering is pure: the same input gives the same disk. */
export type ImageInput = {
  /** The machine's name in the topology, like `fw1`. */
  name: string
  machine: Machine
  topology: Topology
  /** Resolves `${secret:name}` references in a text of the topology. */
  reveal: (text: string) => string
  /** The lab's key pair for logins from machine to machine (client to target). */
  insideKey: { privateKey: string; publicKey: string }
  /** Public host keys of all machines by name, `ssh-ed25519 AAAA...`. */
  hostKeys: Readonly<Record<string, string>>
  /** Names of the faults this machine is born with. */
  defects: readonly string[]
}

/** Mode is octal, 0o644 when absent. */
export type ImageFile = { content: string; mode?: number }

/**
 * What a machine's disk holds before its first start. `/etc/firedrill/boot` is what PID 1 (`sh`) runs; it starts the
 * out-of-band console with `sh /etc/firedrill/console &`, which the hypervisor adds to every machine with its SSH keys.
 * Guest NICs are named `<nicPrefix>0`, `<nicPrefix>1`, ... in the order of the topology and are down at boot.
 */
export type RenderedImage = { files: Record<string, ImageFile>; nicPrefix: 'vtnet' | 'eth' }

/** One kind of machine. */
export type Image = {
  /** What a machine's `image` must match. */
  pattern: RegExp
  /** The images of this kind that there are templates of, like `opnsense-25.7`. */
  names: readonly string[]
  /** The disk of the template, by image name. The machine's particulars come at its start: cloud-init, or the CD of a firewall. */
  template: (image: string) => RenderedImage
  /** The template with the particulars of one machine of a topology. Throws an Error with one line for people when it does not suit. */
  render: (input: ImageInput) => RenderedImage
}
