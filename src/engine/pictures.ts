import { createHash } from 'node:crypto'
import { reasonOf } from '../model/failure.ts'
import type { StatusPages } from '../ports/firewall.ts'
import type { Drill } from './drill.ts'
import { firewallsOf } from './drill.ts'

/** How pictures are made, and where they are kept. */
export interface PictureDesk {
  pages: StatusPages
  /** Writes a file of the run's folder. */
  keep(file: string, content: Uint8Array): Promise<void>
}

/**
 * Pictures of both firewalls' CARP status pages, where a step of the drill goes by the WebGUI: what a person at the screen would have seen.
 * Never throws: a picture that cannot be made is a recorded problem.
 */
export async function takePictures(drill: Drill, phase: 'before' | 'after', signal: AbortSignal): Promise<void> {
  const { pictures, plan } = drill
  const isByHand = plan.steps.some(({ fault }) => fault.params['via'] === 'webgui')
  if (pictures === undefined || !isByHand) return
  await Promise.all(firewallsOf(drill).map((node) => takePicture(drill, pictures, node, phase, signal)))
}

async function takePicture(
  { recorder }: Drill,
  { pages, keep }: PictureDesk,
  node: string,
  phase: 'before' | 'after',
  signal: AbortSignal,
): Promise<void> {
  try {
    const image = await pages.carpStatus(node, signal)
    const file = `carp-${node}-${phase}.png`
    await keep(file, image)
    recorder.record({ type: 'picture', node, phase, file, sha256: createHash('sha256').update(image).digest('hex') })
  } catch (thrown) {
    signal.throwIfAborted()
    const message = `no picture of its CARP status page: ${reasonOf(thrown)}`
    recorder.record({ type: 'problem', where: node, message })
  }
}
