import { reasonOf } from '../../model/failure.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Recorder } from '../../ports/recorder.ts'
import type { RemoteProcess, Shell } from '../../ports/shell.ts'
import type { CapturePoint } from './points.ts'
import { Tape } from './tape.ts'
import { captureScript } from './tcpdump.ts'

/** One place to listen at: the shell that reaches it, the device there, and where its captures are kept. */
export interface ListeningPost extends CapturePoint {
  shell: Shell
  /** The machine or node that the shell runs commands on. */
  where: string
  device: string
  filter: string
  /** The ports by which probes over UDP are known. */
  probePorts: ReadonlySet<number>
}

/** What a capture writes to. `folder` is the run's; files in it are named from there. */
export interface CaptureDesk {
  folder: string
  recorder: Recorder
  clock: Clock
}

const againAfterMs = 200
const mostFailures = 5
const endWithinMs = 3000

/** Listens at a post until told to stop, again and again where its device goes and comes back. Its beginning, its end and what it hears are recorded facts. */
export async function listenAt(post: ListeningPost, desk: CaptureDesk, stop: AbortSignal): Promise<void> {
  let failures = 0
  for (let round = 1; !stop.aborted && failures < mostFailures; round += 1) {
    const heard = await listenOnce(post, desk, round, stop).catch((error: unknown) => ({ error: reasonOf(error) }))
    failures = heard.error === null ? 0 : failures + 1
    const isHopeless = failures === mostFailures || (stop.aborted && round === 1)
    if (heard.error !== null && isHopeless) {
      const message = `no capture on ${post.device} of ${post.where}: ${heard.error}`
      desk.recorder.record({ type: 'problem', where: `capture at ${post.point}`, message })
    }
    await desk.clock.sleep(againAfterMs, stop).catch(() => {})
  }
}

/** One tcpdump from its beginning to its end; `error` where it never began. */
async function listenOnce(
  post: ListeningPost,
  desk: CaptureDesk,
  round: number,
  stop: AbortSignal,
): Promise<{ error: string | null }> {
  const tape = new Tape(post, desk, `captures/${post.point}${round === 1 ? '' : `-${round}`}.pcap`)
  const limit = new AbortController()
  const isUrgent = !post.catches.includes('probes')
  const script = captureScript({
    ...post,
    isUrgent,
    isOneWay: isUrgent && post.isTap && !post.catches.includes('strangers'),
  })
  const remote = await post.shell.spawn(post.where, `/bin/sh -c '${script}'`, {
    signal: limit.signal,
    onLine: () => {},
    onErrorLine: (line) => tape.hear(line),
    onData: (chunk) => tape.take(chunk),
  })
  await ended(remote, desk, stop)
  limit.abort()
  return { error: tape.close(stop.aborted) }
}

/** Until it ends by itself, or some seconds after it was asked to. */
async function ended(remote: RemoteProcess, { clock }: CaptureDesk, stop: AbortSignal): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  const release = () => resolve()
  stop.addEventListener('abort', release, { once: true })
  if (stop.aborted) release()
  await Promise.race([remote.ended, stopped])
  stop.removeEventListener('abort', release)
  remote.end()
  const patience = new AbortController()
  await Promise.race([remote.ended, clock.sleep(endWithinMs, patience.signal).catch(() => {})])
  patience.abort()
}
