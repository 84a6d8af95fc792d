/**
 * The probe agent of a vantage machine. The first line of its input is `{"streams": [...]}`; then `{"sync": n}` asks for its
 * clock and `{"stop": true}` ends the streams in order. The end of its input ends it at once: nobody listens any more.
 * It writes facts as JSON lines, in milliseconds of this machine's monotonic clock.
 */
import { createInterface } from 'node:readline'
import { BulkTransport } from './bulk-transport.mjs'
import { nowMs } from './clock.mjs'
import { DhcpLease } from './dhcp-lease.mjs'
import { DnsAsker } from './dns-asker.mjs'
import { endAgent } from './end.mjs'
import { HttpAsker } from './http-asker.mjs'
import { drained, emitNow } from './output.mjs'
import { PingStream } from './ping.mjs'
import { readSockets } from './sockets.mjs'
import { RequestStream } from './request-stream.mjs'
import { SessionStream } from './session-stream.mjs'
import { SshTransport } from './ssh-transport.mjs'
import { TcpAsker } from './tcp-asker.mjs'
import { TcpTransport } from './tcp-transport.mjs'
import { UdpAsker } from './udp-asker.mjs'
import { UdpStream } from './udp-stream.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { RunningStream } from './transport.ts' */

/** @type {Record<string, (stream: AgentStream) => RunningStream>} */
const runners = {
  udp: (stream) => (stream.isFresh === true ? new RequestStream(stream, new UdpAsker(stream)) : new UdpStream(stream)),
  ping: (stream) => new PingStream(stream),
  'tcp-connect': (stream) => new RequestStream(stream, new TcpAsker(stream)),
  http: (stream) => new RequestStream(stream, new HttpAsker(stream)),
  dns: (stream) => new RequestStream(stream, new DnsAsker(stream)),
  'dhcp-renew': (stream) => new RequestStream(stream, new DhcpLease(stream)),
  bulk: (stream) => new SessionStream(stream, new BulkTransport(stream)),
  'tcp-session': (stream) => new SessionStream(stream, new TcpTransport(stream)),
  'ssh-session': (stream) => new SessionStream(stream, new SshTransport(stream)),
}

/** @type {RunningStream[]} */
let running = []

createInterface({ input: process.stdin })
  // oxlint-disable-next-line typescript/no-unsafe-argument -- the harness is the only one who writes here
  .on('line', (line) => obey(JSON.parse(line)))
  .on('close', () => endAgent(0))
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => endAgent(1))

/** @param {{ streams?: AgentStream[], sync?: number, sockets?: number, stop?: boolean }} command */
function obey(command) {
  if (command.sync !== undefined) emitNow({ type: 'sync', n: command.sync, remoteMs: nowMs() })
  if (command.streams !== undefined) start(command.streams)
  if (command.sockets !== undefined) void sampleSockets(command.sockets)
  if (command.stop === true) void stop()
}

/** @param {number} n */
async function sampleSockets(n) {
  const held = running.filter((stream) => stream.sampleSockets !== undefined)
  if (held.length > 0) {
    const read = await readSockets()
    for (const stream of held) stream.sampleSockets?.(read)
  }
  emitNow({ type: 'sampled', n })
}

/** @param {AgentStream[]} streams */
function start(streams) {
  running = streams.flatMap((stream) => runners[stream.kind]?.(stream) ?? [])
  for (const stream of running) stream.start()
}

async function stop() {
  await Promise.all(running.map((stream) => stream.stop()))
  emitNow({ type: 'closed' })
  await drained()
  endAgent(0)
}
