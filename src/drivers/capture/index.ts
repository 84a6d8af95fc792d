import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../model/failure.ts'
import type { CaptureStarter } from '../../ports/capture.ts'
import type { TapNames } from '../../ports/hypervisor.ts'
import type { Shell } from '../../ports/shell.ts'
import type { CaptureDesk, ListeningPost } from './capture.ts'
import { listenAt } from './capture.ts'
import type { ProbeFilter } from './filter.ts'
import { captureFilter, probeFilterOf } from './filter.ts'
import type { CapturePoint } from './points.ts'
import { capturePoints, endsOf } from './points.ts'
import { watchWallClock } from './wall-clock.ts'

export type { CaptureDesk } from './capture.ts'

/** What captures are made with. `node` is null where nobody is let in to the hypervisor's nodes. */
export interface CaptureSite extends CaptureDesk {
  shell: Shell
  node: { name: string; others: readonly string[]; openShell(): Shell; taps: TapNames } | null
}

/** A server lets a connection run ten commands at once, unless it is told otherwise; one of them asks for the time. */
const capturesPerShell = 8

/** Captures advertisements, ARP, DHCP and the probes themselves as pcap, by tcpdump over SSH, at every point of the lab that can be reached. */
export function captureStarter(site: CaptureSite): CaptureStarter {
  return async (lab, vantages, signal) => {
    mkdirSync(join(site.folder, 'captures'), { recursive: true })
    const streams = endsOf(lab, vantages)
    const filter = probeFilterOf(lab, streams)
    const points = capturePoints(lab, streams, site.node !== null)
    const found = (await Promise.all(points.map((point) => placeOf(point, site, signal)))).flat()
    const { posts, close } = withShells(found, site, filter)
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
        await close()
      },
    }
  }
}

/** A point with the machine or node where it is, and the device there. */
interface Place extends CapturePoint {
  where: string
  device: string
}

async function placeOf(point: CapturePoint, site: CaptureSite, signal: AbortSignal): Promise<Place[]> {
  const { node } = site
  const { machine, index, isTap } = point
  if (!isTap) return [{ ...point, where: machine, device: `eth${index}` }]
  if (node === null) return []
  try {
    const [device, where] = [await node.taps.tapOf(machine, index, signal), await node.taps.nodeOf(machine, signal)]
    if (where === node.name || node.others.includes(where)) return [{ ...point, where, device }]
    throw new Error(
      `no capture of ${machine}: nobody is let in to node ${where} (nodes.${where}.ssh in the target file)`,
    )
  } catch (error) {
    complain(site, error)
    return []
  }
}

/** Captures at nodes share connections of their own, a few each. */
function withShells(places: readonly Place[], { shell, node }: CaptureSite, filter: ProbeFilter) {
  const opened: Shell[] = []
  const order = new Map<string, number>()
  const shellFor = ({ isTap, where }: Place): Shell => {
    if (!isTap || node === null) return shell
    const before = order.get(where) ?? 0
    order.set(where, before + 1)
    const index = Math.floor(before / capturesPerShell)
    return (opened[index] ??= node.openShell())
  }
  const posts = places.map((place): ListeningPost => ({
    ...place,
    shell: shellFor(place),
    filter: captureFilter(place, filter),
    probePorts: filter.ports,
  }))
  return { posts, close: async () => void (await Promise.all(opened.map(async (one) => await one.close()))) }
}

const complain = ({ recorder }: CaptureDesk, error: unknown): void =>
  void recorder.record({ type: 'problem', where: 'captures', message: reasonOf(error) })
