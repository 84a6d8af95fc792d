import { createSocket } from 'node:dgram'
import { createWriteStream } from 'node:fs'

/**
 * Collects syslog on UDP 514: one line per message in /var/log/remote.log, `<when it came, UTC with microseconds> <from> <message>`.
 * Runs inside the `target` machine, hence node builtins only; a message of several lines becomes one.
 */
const log = createWriteStream('/var/log/remote.log', { flags: 'a' })
const socket = createSocket('udp4')

socket.on('message', (message, { address }) => {
  log.write(
    `${now()} ${address} ${message
      .toString()
      .trimEnd()
      .replace(/[\r\n]+/g, ' ')}\n`,
  )
})
socket.bind(514)

function now(): string {
  const us = Math.round((performance.timeOrigin + performance.now()) * 1000)
  return new Date(us / 1000).toISOString().replace('Z', `${String(us % 1000).padStart(3, '0')}Z`)
}
