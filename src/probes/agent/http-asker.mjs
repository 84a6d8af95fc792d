import { request } from 'node:http'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { failureOf } from './tcp-asker.mjs'

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { Asker, Outcome } from './transport.ts' */

/**
 * Asks for a page over a fresh connection. The whole page with the expected status is an answer. With TLS, whose certificate it is
 * does not matter: what is asked is whether traffic flows.
 * @implements {Asker}
 */
export class HttpAsker {
  #stream
  #wanted

  /** @param {AgentStream} stream */
  constructor(stream) {
    this.#stream = stream
    this.#wanted = stream.request ?? { path: '/', status: 200, tls: false }
  }

  get settings() {
    const { path, status, tls } = this.#wanted
    return { request: `GET ${path}`, expectedStatus: String(status), tls: tls ? 'yes, certificate not judged' : 'no' }
  }

  /** @returns {Promise<Outcome>} */
  async ask() {
    const { address, port, timeoutMs } = this.#stream
    const { path, status, tls } = this.#wanted
    const socket = connect({ host: address, port: port ?? 80 })
    const failure = failureOf(socket)
    const link = tls ? connectTls({ socket, rejectUnauthorized: false }) : socket
    return await new Promise((resolve) => {
      const question = request({ host: address, path, createConnection: () => link })
      const impatience = setTimeout(() => question.destroy(new Error('no answer in time')), timeoutMs)
      question.on('response', (response) => {
        response.on('error', (error) => resolve(failure(error)))
        response.on('end', () => resolve(judged(response.statusCode, status)))
        response.resume()
      })
      question.on('error', (error) => resolve(failure(error)))
      socket.on('error', (error) => question.destroy(error))
      question.on('close', () => {
        clearTimeout(impatience)
        socket.destroy()
      })
      question.end()
    })
  }
}

/**
 * @param {number | undefined} came
 * @param {number} wanted
 * @returns {Outcome}
 */
function judged(came, wanted) {
  return came === wanted ? { answered: true } : { answered: false, cause: `HTTP ${came}` }
}
