import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../model/failure.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Recorder } from '../../ports/recorder.ts'
import type { RemoteProcess, Shell } from '../../ports/shell.ts'
import { parseAdvertisement } from './advertisement.ts'
import { pcapReader } from './pcap.ts'
import type { CapturePoint } from './points.ts'
import { captureScript, droppedIn, hasBegun } from './tcpdump.ts'

/** One place to listen at: the shell that reaches it, the device there, and where its captures are kept. */
export interface ListeningPost extends CapturePoint {
  shell: Shell
  /** The machine or node that the shell runs commands on. */
  where: string
  device: string
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

/** Listens at a post until told to stop, again and again where its device goes and comes back. Every beginning, end and advertisement is a recorded fact. */
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
  const remote = await post.shell.spawn(post.where, `/bin/sh -c '${captureScript(post.device, post.isTap)}'`, {
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

/** What one tcpdump has told: its bytes on file, its advertisements in the recording. */
class Tape {
  readonly #post: ListeningPost
  readonly #desk: CaptureDesk
  readonly #file: string
  readonly #read: (chunk: Uint8Array) => void
  #handle: number | null = null
  #hasBegun = false
  #packets = 0
  #dropped: number | null = null
  #lastLine = 'tcpdump never began, is the device there?'
  #unreadable: string | null = null

  constructor(post: ListeningPost, desk: CaptureDesk, file: string) {
    this.#post = post
    this.#desk = desk
    this.#file = file
    this.#read = pcapReader(({ wallMs, bytes }) => this.#frame(wallMs, bytes))
  }

  take(chunk: Uint8Array): void {
    this.#handle ??= openSync(join(this.#desk.folder, this.#file), 'a', 0o644)
    writeSync(this.#handle, chunk)
    if (this.#unreadable !== null) return
    try {
      this.#read(chunk)
    } catch (error) {
      this.#unreadable = reasonOf(error)
    }
  }

  hear(line: string): void {
    this.#dropped = droppedIn(line) ?? this.#dropped
    if (line.trim() !== '' && !/packets? /.test(line)) this.#lastLine = line.trim()
    if (hasBegun(line)) this.#begin()
  }

  /** Null where it had begun, else what it last said. */
  close(wasAsked: boolean): string | null {
    if (this.#handle !== null) closeSync(this.#handle)
    if (!this.#hasBegun) return this.#lastLine
    const reason = this.#unreadable ?? (wasAsked ? 'stopped' : this.#lastLine)
    const counts = { packets: this.#packets, dropped: this.#dropped }
    this.#desk.recorder.record({ type: 'capture-closed', point: this.#post.point, ...counts, reason })
    return null
  }

  #begin(): void {
    const { point, where, device, network, isTap, machine } = this.#post
    const of = isTap ? machine : null
    this.#hasBegun = true
    this.#desk.recorder.record({ type: 'capture-opened', point, machine: where, device, network, of, file: this.#file })
  }

  #frame(wallMs: number, bytes: Uint8Array): void {
    this.#packets += 1
    const advertisement = parseAdvertisement(bytes)
    if (advertisement === null) return
    this.#desk.recorder.record({ type: 'carp-advert', point: this.#post.point, wallMs, ...advertisement })
  }
}
