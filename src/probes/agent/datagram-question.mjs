import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'

/** @import { Outcome } from './transport.ts' */

/**
 * Sends one datagram from a fresh port and waits for the answer to it; `judge` says what a datagram is an answer of, null for none.
 * @param {{ address: string, port: number, timeoutMs: number }} to
 * @param {Uint8Array} question
 * @param {(datagram: Buffer) => Outcome | null} judge
 * @returns {Promise<Outcome>}
 */
export async function askOnce({ address, port, timeoutMs }, question, judge) {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const outcome = await new Promise((/** @type {(outcome: Outcome) => void} */ resolve) => {
    const impatience = setTimeout(() => resolve({ answered: false, cause: 'no answer in time' }), timeoutMs)
    socket.on('close', () => clearTimeout(impatience))
    socket.on('error', (error) =>
      resolve({ answered: false, error: 'code' in error ? String(error.code) : error.message }),
    )
    socket.on('message', (datagram) => {
      const judged = judge(datagram)
      if (judged !== null) resolve(judged)
    })
    socket.send(question, port, address)
  })
  socket.close()
  return outcome
}
