import { mkdirSync, writeFileSync } from 'node:fs'
import type { ApplianceConfig } from '../config.ts'
import type { CarpHook } from '../hooks/syshook.ts'
import { byLine, type Service, startService } from '../system/service.ts'
import type { SystemLog } from '../system/system-log.ts'
import { openvpnFolder, renderOpenvpnConfig } from './openvpn-config.ts'
import type { OpenvpnClient } from './service-config.ts'

/** What tunnels need of the rest: somebody who hears that one is open, or gone. */
export type TunnelSurroundings = {
  config: Pick<ApplianceConfig, 'openvpnClients'>
  log: SystemLog
  tunnelChanged: (device: string, isOpen: boolean) => void
}

const daemonNotice = 29
const isOpened = /Initialization Sequence Completed/
const isWorthTelling =
  /Initialization Sequence Completed|Inactivity timeout|Restart pause|TLS Error|AUTH_FAILED|Peer Connection Initiated|cannot|error/i

/** The firewall's OpenVPN clients. One that is bound to a shared address runs on the MASTER of it only. */
export class Tunnels {
  readonly #around: TunnelSurroundings
  readonly #running = new Map<string, Service>()

  constructor(around: TunnelSurroundings) {
    this.#around = around
    for (const client of around.config.openvpnClients) writeFiles(client)
  }

  /** Starts those that wait for no CARP address. */
  start(): void {
    for (const client of this.#around.config.openvpnClients) if (client.carp === undefined) this.#open(client)
  }

  /** Starts and stops the others, as OPNsense's 20-openvpn and pfSense's rc.carpmaster do. */
  get hook(): CarpHook {
    return {
      name: '20-openvpn',
      run: (subsystem, state) => {
        const bound = this.#around.config.openvpnClients.filter(
          ({ carp }) => `${carp?.vhid}@${carp?.device}` === subsystem,
        )
        for (const client of bound) {
          if (state === 'MASTER') this.#open(client)
          else this.#close(client)
        }
        return Promise.resolve()
      },
    }
  }

  #open(client: OpenvpnClient): void {
    const { log, tunnelChanged } = this.#around
    if (this.#running.has(client.id)) return
    const take = byLine((line) => {
      if (isWorthTelling.test(line)) log.program('openvpn', line, daemonNotice)
      if (isOpened.test(line)) tunnelChanged(client.device, true)
    })
    const service = startService({
      command: 'openvpn',
      args: ['--config', `${openvpnFolder(client)}/config.ovpn`],
      onOutput: take,
      onEnd: (status) => {
        log.program('openvpn', `client ${client.id} ended (${status})`, daemonNotice)
        tunnelChanged(client.device, false)
      },
      restartAfterMs: 1000,
    })
    this.#running.set(client.id, service)
  }

  #close(client: OpenvpnClient): void {
    const service = this.#running.get(client.id)
    if (service === undefined) return
    this.#running.delete(client.id)
    service.stop()
    this.#around.log.program('openvpn', `client ${client.id} stopped: not MASTER of its address`, daemonNotice)
    this.#around.tunnelChanged(client.device, false)
  }
}

function writeFiles(client: OpenvpnClient): void {
  const folder = openvpnFolder(client)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = {
    'config.ovpn': renderOpenvpnConfig(client),
    ca: client.ca,
    cert: client.certificate,
    key: client.privateKey,
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(`${folder}/${name}`, content, { mode: 0o600 })
}
