import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../model/failure.ts'
import type { CaptureStarter } from '../../ports/capture.ts'
import type { TapNames } from '../../ports/hypervisor.ts'
import type { Shell } from '../../ports/shell.ts'
import type { CaptureDesk, ListeningPost } from './capture.ts'
import { listenAt } from './capture.ts'
import type { CapturePoint } from './points.ts'
import { capturePoints } from './points.ts'
import { watchWallClock } from './wall-clock.ts'

export type { CaptureDesk } from './capture.ts'

/** What captures are made with. `node` is null where nobody is let in to the hypervisor's node. */
export interface CaptureSite extends CaptureDesk {
  shell: Shell
  node: { name: string; shell: Shell; taps: TapNames } | null
}

/** Captures advertisements as pcap, by tcpdump over SSH, at every point of the lab that can be reached. */
export function captureStarter(site: CaptureSite): CaptureStarter {
  return async (lab, vantages, signal) => {
    mkdirSync(join(site.folder, 'captures'), { recursive: true })
    const points = capturePoints(lab, vantages, site.node !== null)
    const posts = (await Promise.all(points.map((point) => postOf(point, site, signal)))).flat()
    const stop = new AbortController()
    const clocks = [...new Map(posts.map((post) => [post.where, post])).values()]
    const running = [
      ...clocks.map((post) => watchWallClock({ ...site, shell: post.shell, where: post.where }, stop.signal)),
      ...posts.map((post) => listenAt(post, site, stop.signal)),
    ].map((work) => work.catch((error: unknown) => complain(site, error)))
    return {
      stop: async () => {
        stop.abort()
        await Promise.all(running)
      },
    }
  }
}

async function postOf(point: CapturePoint, site: CaptureSite, signal: AbortSignal): Promise<ListeningPost[]> {
  const { shell, node } = site
  const { machine, index, isTap } = point
  if (!isTap) return [{ ...point, shell, where: machine, device: `eth${index}` }]
  if (node === null) return []
  try {
    const device = await node.taps.tapOf(machine, index, signal)
    return [{ ...point, shell: node.shell, where: node.name, device }]
  } catch (error) {
    complain(site, error)
    return []
  }
}

const complain = ({ recorder }: CaptureDesk, error: unknown): void =>
  void recorder.record({ type: 'problem', where: 'captures', message: reasonOf(error) })
