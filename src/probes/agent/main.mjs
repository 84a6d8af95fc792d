import { createInterface } from 'node:readline'
import { killChildren } from './children.mjs'
import { nowMs } from './clock.mjs'
import { drained, emit } from './output.mjs'
import { PingStream } from './ping.mjs'
import { SessionStream } from './session-stream.mjs'
import { SshTransport } from './ssh-transport.mjs'
import { TcpTransport } from './tcp-transport.mjs'

/**
 * The probe agent of a vantage machine. The first line of its input is `{"streams": [...]}`; then `{"sync": n}` asks for its
 * clock and `{"stop": true}` ends the streams in order. The end of its input ends it at once: nobody listens any more.
 * It writes facts as JSON lines, in milliseconds of this machine's monotonic clock.
 */
const runners = {
  ping: (stream) => new PingStream(stream),
  'tcp-session': (stream) => new SessionStream(stream, new TcpTransport(stream)),
  'ssh-session': (stream) => new SessionStream(stream, new SshTransport(stream)),
}

let running = null

createInterface({ input: process.stdin })
  .on('line', (line) => obey(JSON.parse(line)))
  .on('close', () => process.exit(0))
process.on('exit', killChildren)
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => process.exit(1))

function obey(command) {
  if ('sync' in command) emit({ type: 'sync', n: command.sync, remoteMs: nowMs() })
  if ('streams' in command) start(command.streams)
  if ('stop' in command) stop()
}

function start(streams) {
  running = streams.map((stream) => runners[stream.kind](stream))
  for (const stream of running) stream.start()
}

async function stop() {
  await Promise.all((running ?? []).map((stream) => stream.stop()))
  emit({ type: 'closed' })
  await drained()
  process.exit(0)
}
