import type { HaState } from '../model/ha-state.ts'

/** Reads one node of the pair. A role of its own: drivers that can do more implement more roles. */
export interface HaReader {
  /** The node's own view at one instant. Throws where the node does not answer within its limit. */
  read(node: string, signal: AbortSignal): Promise<HaState>
}

/** Product and release of a machine, e.g. `OPNsense 25.7`. */
export interface VersionReader {
  version(machine: string, signal: AbortSignal): Promise<string>
}
