import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { packetIn } from '../../../../src/drivers/capture/frame.ts'
import { pcapReader } from '../../../../src/drivers/capture/pcap.ts'
import { near } from './cable.ts'

/** A probe or an answer as the sender's end of the cable saw it. `atMs` is the kernel's wall clock, ms since 1970. */
export interface Sighting {
  atMs: number
  isSent: boolean
  /** The other end: each tool has an address of its own. */
  target: string
  bytes: Uint8Array
}

/** A running capture of this end of the cable, stamped by the kernel to the nanosecond. */
export interface Capture {
  stop(): Promise<Sighting[]>
}

const startMs = 700
/** What is on its way to the file. */
const drainMs = 1500

/** Captures all ICMP and UDP into a file of the folder. */
export async function capture(folder: string): Promise<Capture> {
  const file = `${folder}/near.pcap`
  const options = `-i ${near.device} -n -p -U -B 16384 -s 128 --time-stamp-precision=nano -w ${file}`.split(' ')
  const child = spawn('tcpdump', [...options, 'icmp or udp'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await sleep(startMs)
  return { stop: async () => await end(child, () => said, file) }
}

async function end(child: ChildProcess, said: () => string, file: string): Promise<Sighting[]> {
  await sleep(drainMs)
  child.kill('SIGINT')
  await once(child, 'close')
  const dropped = /(\d+) packets dropped by kernel/.exec(said())?.[1]
  if (dropped !== '0') throw new Error(`tcpdump did not keep every packet: ${said()}`)
  return sightingsIn(readFileSync(file))
}

function sightingsIn(pcap: Uint8Array): Sighting[] {
  const sightings: Sighting[] = []
  const read = pcapReader(({ wallMs, bytes }) => {
    const packet = packetIn(bytes)
    if (packet === null) return
    const isSent = packet.src === near.address
    sightings.push({ atMs: wallMs, isSent, target: isSent ? packet.dst : packet.src, bytes: packet.payload })
  })
  for (let at = 0; at < pcap.length; at += 65_536) read(pcap.subarray(at, at + 65_536))
  return sightings
}
