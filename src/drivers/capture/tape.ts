import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../../model/failure.ts'
import { parseAdvertisement } from './advertisement.ts'
import { parseArp } from './arp.ts'
import { parseBeside } from './beside-sync.ts'
import type { CaptureDesk, ListeningPost } from './capture.ts'
import { parseDhcp } from './dhcp.ts'
import { parseNeighbourAdvert } from './neighbour.ts'
import { Passing } from './passing.ts'
import { pcapReader } from './pcap.ts'
import { parseProbe } from './probe-frame.ts'
import { droppedIn, hasBegun } from './tcpdump.ts'

/** So many frames beside state sync are told one by one; a link that carries users' traffic carries any number. */
const mostBeside = 5000

/** What one tcpdump has told: its bytes on file, what they say in the recording. */
export class Tape {
  readonly #post: ListeningPost
  readonly #desk: CaptureDesk
  readonly #file: string
  readonly #read: (chunk: Uint8Array) => void
  readonly #passing: Passing
  readonly #hash = createHash('sha256')
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
    this.#passing = new Passing(post.point, (fact) => desk.recorder.record(fact))
  }

  take(chunk: Uint8Array): void {
    this.#handle ??= openSync(join(this.#desk.folder, this.#file), 'a', 0o644)
    writeSync(this.#handle, chunk)
    this.#hash.update(chunk)
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
    this.#passing.flush()
    if (!this.#hasBegun) return this.#lastLine
    const reason = this.#unreadable ?? (wasAsked ? 'stopped' : this.#lastLine)
    const counts = { packets: this.#packets, dropped: this.#dropped }
    const hash = this.#handle === null ? {} : { sha256: this.#hash.digest('hex') }
    this.#desk.recorder.record({ type: 'capture-closed', point: this.#post.point, ...counts, reason, ...hash })
    return null
  }

  #begin(): void {
    const { point, where, device, network, isTap, machine, catches } = this.#post
    const of = isTap ? machine : null
    const about = { point, machine: where, device, network, of, file: this.#file, catches }
    this.#hasBegun = true
    this.#desk.recorder.record({ type: 'capture-opened', ...about })
  }

  #frame(wallMs: number, bytes: Uint8Array): void {
    const { point, probePorts, catches } = this.#post
    const { recorder } = this.#desk
    this.#packets += 1
    if (catches.includes('strangers')) return this.#beside(wallMs, bytes)
    const probe = catches.includes('probes') ? parseProbe(bytes, probePorts) : null
    if (probe !== null) return this.#passing.add(wallMs, probe)
    const advertisement = parseAdvertisement(bytes)
    if (advertisement !== null) recorder.record({ type: 'carp-advert', point, wallMs, ...advertisement })
    const arp = parseArp(bytes)
    if (arp !== null) recorder.record({ type: 'arp', point, wallMs, ...arp })
    const neighbour = parseNeighbourAdvert(bytes)
    if (neighbour !== null) recorder.record({ type: 'neighbour-advert', point, wallMs, ...neighbour })
    const dhcp = parseDhcp(bytes)
    if (dhcp !== null) recorder.record({ type: 'dhcp', point, wallMs, ...dhcp })
  }

  #beside(wallMs: number, bytes: Uint8Array): void {
    const frame = this.#packets > mostBeside ? null : parseBeside(bytes)
    if (frame !== null) this.#desk.recorder.record({ type: 'beside-sync', point: this.#post.point, wallMs, ...frame })
  }
}
