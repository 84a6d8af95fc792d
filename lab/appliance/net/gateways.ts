import type { Family } from '../carp/vhid.ts'
import type { ApplianceConfig } from '../config.ts'
import { run } from '../system/run.ts'
import type { SystemLog } from '../system/system-log.ts'
import type { Quality } from './dpinger.ts'
import type { GatewayConfig } from './gateway.ts'
import { defaultGateway } from './gateway-choice.ts'
import { GatewayMonitor } from './gateway-monitor.ts'
import { tellAlarm, tellDefault, tellGroups } from './gateway-words.ts'
import type { IpShell } from './ip-shell.ts'
import type { Interfaces } from './monitor-line.ts'
import { routeCommands, steeringCommands } from './routes.ts'

/** What gateways need of the rest. `reload` loads the rules anew. */
export type GatewaySurroundings = {
  config: ApplianceConfig
  shell: IpShell
  log: SystemLog
  interfaces: Interfaces
  reload: () => Promise<void>
}

const daemonError = 27

const families: readonly Family[] = ['inet', 'inet6']

/** The ways out as they are now: routes, and a monitor for each gateway that has one. */
export class Gateways {
  readonly #around: GatewaySurroundings
  readonly #monitors: readonly GatewayMonitor[]
  readonly #tunnels: ReadonlySet<string>
  readonly #openTunnels = new Set<string>()
  readonly #defaults = new Map<Family, string>()

  constructor(around: GatewaySurroundings) {
    const { config } = around
    this.#around = around
    this.#tunnels = new Set(config.openvpnClients.map(({ device }) => device))
    this.#monitors = config.gateways
      .filter(({ monitor }) => monitor !== undefined)
      .map((gateway) => new GatewayMonitor(gateway, (quality, isDown) => this.#alarm(gateway, quality, isDown)))
  }

  /** Makes the routes and begins to watch. */
  async start(): Promise<void> {
    const { config, shell } = this.#around
    await shell.run(...steeringCommands(config))
    await this.restoreRoutes()
    for (const monitor of this.#monitors) if (this.#isThere(monitor.gateway.device)) monitor.start()
  }

  /** Whether a gateway may be used; one that nobody watches is believed to be up. */
  readonly isUp = (name: string): boolean => {
    const gateway = this.#around.config.gateways.find((each) => each.name === name)
    if (gateway === undefined || gateway.isForcedDown || !this.#isThere(gateway.device)) return false
    return this.#monitors.find((each) => each.gateway === gateway)?.isDown !== true
  }

  /** Makes the routes again: the kernel drops those of an interface that goes down. */
  async restoreRoutes(): Promise<void> {
    const { config, log, interfaces } = this.#around
    const canRoute = (device: string): boolean =>
      this.#tunnels.has(device) ? this.#openTunnels.has(device) : interfaces.get(device)?.adminUp === true
    const commands = routeCommands(config, this.isUp, canRoute)
    // A program of its own: one that runs on remembers the number of a tunnel's device, which is another one each time the tunnel opens.
    const { output } = await run('ip', ['-force', '-batch', '-'], `${commands.join('\n')}\n`)
    for (const line of output.split('\n')) if (line !== '') log.program('ip', line, daemonError)
    for (const family of families) this.#noteDefault(family)
  }

  /** A tunnel has come up, or gone. */
  tunnelChanged(device: string, isOpen: boolean): Promise<void> {
    if (isOpen) this.#openTunnels.add(device)
    else this.#openTunnels.delete(device)
    for (const monitor of this.#monitors.filter(({ gateway }) => gateway.device === device)) {
      if (isOpen) monitor.start()
      else monitor.stop()
    }
    return this.#changed()
  }

  #isThere(device: string): boolean {
    return !this.#tunnels.has(device) || this.#openTunnels.has(device)
  }

  #alarm(gateway: GatewayConfig, quality: Quality, isDown: boolean): void {
    const { config, log } = this.#around
    tellAlarm(log, config.flavour, gateway, quality, isDown)
    tellGroups(log, config, gateway, isDown)
    void this.#changed()
  }

  async #changed(): Promise<void> {
    await this.restoreRoutes()
    await this.#around.reload()
  }

  #noteDefault(family: Family): void {
    const { config, log } = this.#around
    const gateway = defaultGateway(config, family, this.isUp)
    const before = this.#defaults.get(family)
    if (gateway === undefined || gateway.name === before) return
    this.#defaults.set(family, gateway.name)
    if (before !== undefined) tellDefault(log, config.flavour, gateway)
  }
}
