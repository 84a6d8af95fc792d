import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { byLine } from '../system/service.ts'
import { run } from '../system/run.ts'
import type { IpShell } from '../net/ip-shell.ts'
import type { SystemLog } from '../system/system-log.ts'
import { noOutboundNat } from '../pf/rules.ts'
import { dhclientConfig, ownDevice, renderDhclientScript } from './dhclient.ts'

/** What the WAN needs to be configured by DHCP. `ownHost` is the defect `nat-own-address`, `delayMs` is `wan-dhcp-delay`. */
export type WanOptions = {
  device: string
  shell: IpShell
  log: SystemLog
  ownHost?: number | undefined
  delayMs?: number
}

const folder = '/var/db/dhclient'
const boundLine = /^bound to (\S+)/
const patienceMs = 60_000

/** A WAN interface with a DHCP lease; `enable` and `disable` are OPNsense's interface_configure. */
export class Wan {
  readonly device: string
  enabled = false
  readonly #options: WanOptions
  #client: ChildProcess | undefined
  #round = 0

  constructor(options: WanOptions) {
    this.#options = options
    this.device = options.device
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/${this.device}.conf`, dhclientConfig)
    writeFileSync(`${folder}/script`, renderDhclientScript(options.ownHost), { mode: 0o755 })
  }

  /** Brings the interface up and asks for a lease; resolves with the lease or when dhclient has given up for now (60 s). */
  async enable(): Promise<void> {
    this.enabled = true
    await this.#stopClient()
    await this.#options.shell.run(`link set ${this.device} up`)
    if (!(await this.#isAnswered())) return
    await this.#startClient()
  }

  // Born with the defect, the provider's first answers are lost: dhclient asks again after its retry time.
  async #isAnswered(): Promise<boolean> {
    const { delayMs = 0, log } = this.#options
    if (delayMs === 0) return true
    log.program('dhclient', `DHCPDISCOVER on ${this.device} to 255.255.255.255 port 67 interval 1`, 30)
    const round = (this.#round += 1)
    await sleep(delayMs)
    return this.enabled && round === this.#round
  }

  /** Kills dhclient without releasing the lease, takes the address away and the interface down. */
  async disable(): Promise<void> {
    this.enabled = false
    await this.#stopClient()
    await this.#options.shell.run(`addr flush dev ${this.device}`, `link set ${this.device} down`)
    if (this.#options.ownHost !== undefined) await this.#options.shell.run(`link del ${ownDevice}`)
    await run('nft', ['-f', '-'], noOutboundNat)
  }

  /** rc.linkup: without carrier the lease's address goes, with carrier an enabled WAN is configured again. */
  async linkChanged(carrier: boolean): Promise<void> {
    if (!this.enabled) return
    if (carrier) return this.enable()
    await this.#stopClient()
    await this.#options.shell.run(`addr flush dev ${this.device}`)
  }

  #startClient(): Promise<void> {
    const files = ['-cf', `${folder}/${this.device}.conf`, '-lf', `${folder}/${this.device}.leases`]
    const rest = ['-sf', `${folder}/script`, '-pf', `/run/dhclient.${this.device}.pid`]
    const client = spawn('dhclient', ['-4', '-d', ...files, ...rest, this.device], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#client = client
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, patienceMs)
      const settle = () => {
        clearTimeout(patience)
        resolve()
      }
      client.stderr.on(
        'data',
        byLine((line) => {
          if (/^(DHCP|bound|No )/.test(line)) this.#options.log.program('dhclient', line, 30)
          if (boundLine.test(line)) settle()
        }),
      )
      client.on('error', settle)
      client.on('exit', settle)
    })
  }

  async #stopClient(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    if (client === undefined || client.exitCode !== null || client.signalCode !== null) return
    const ended = new Promise((resolve) => client.once('exit', resolve))
    client.kill('SIGKILL')
    await ended
  }
}
