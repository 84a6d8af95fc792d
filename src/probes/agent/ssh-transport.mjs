import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { startChild } from './children.mjs'

const key = '/etc/firedrill/id_ed25519'
const options = {
  BatchMode: 'yes',
  ConnectTimeout: '5',
  ServerAliveInterval: '0',
  StrictHostKeyChecking: 'yes',
  TCPKeepAlive: 'no',
}

/** @import { AgentStream } from '../agent-stream.ts' */
/** @import { LinkEvents, Transport } from './transport.ts' */

/**
 * SSH sessions of the OpenSSH client, each running `cat`. Without keepalives, so that nothing but TCP ends them.
 * @implements {Transport}
 */
export class SshTransport {
  #args
  #key = randomInt(2 ** 32)

  /** @param {AgentStream} stream */
  constructor({ address, port }) {
    const given = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    this.#args = ['-F', 'none', '-T', ...given, '-i', key, '-p', String(port), `root@${address}`, 'cat']
  }

  get settings() {
    const version = spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr.trim() || 'none'
    return { ...options, client: version, command: `ssh ${this.#args.join(' ')}` }
  }

  /**
   * @param {number} session
   * @param {number} seq
   */
  encode(session, seq) {
    return Buffer.from(`firedrill ${this.#key} ${session} ${seq}\n`)
  }

  /**
   * The client does not tell when it has logged in; the first line to come back does.
   * @param {number} session
   * @param {LinkEvents} events
   */
  open(session, { onOpen, onData, onClose }) {
    const greeting = `firedrill ${this.#key} ${session} open`
    let isOpen = false
    let lastError = ''
    const child = startChild('ssh', this.#args, {
      onLine: (line) => {
        if (isOpen) return onData(Buffer.from(`${line}\n`))
        isOpen = line === greeting
        if (isOpen) onOpen()
      },
      onErrorLine: (line) => (lastError = line),
      onEnd: (reason) => onClose(lastError === '' ? reason : `${reason}: ${lastError}`),
    })
    child.stdin.write(`${greeting}\n`)
    return {
      owner: () => (child.pid === undefined ? null : { pid: child.pid }),
      write: (/** @type {Buffer} */ bytes) => void child.stdin.write(bytes),
      close: () => void child.kill('SIGKILL'),
    }
  }
}
