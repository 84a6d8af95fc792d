import { byLine, type Service, startService } from '../system/service.ts'
import { Dpinger, parsePingLine, type Quality } from './dpinger.ts'
import type { GatewayConfig } from './gateway.ts'

/** Pings a gateway's monitor address through its interface and tells when it goes down and when it is back. */
export class GatewayMonitor {
  readonly gateway: GatewayConfig
  readonly #dpinger: Dpinger
  readonly #onChange: (quality: Quality, isDown: boolean) => void
  #ping: Service | undefined
  #judge: NodeJS.Timeout | undefined

  constructor(gateway: GatewayConfig, onChange: (quality: Quality, isDown: boolean) => void) {
    this.gateway = gateway
    this.#dpinger = new Dpinger(gateway.timing)
    this.#onChange = onChange
  }

  get isDown(): boolean {
    return this.#dpinger.isAlarmed
  }

  start(): void {
    const { monitor, device, family, timing } = this.gateway
    if (monitor === undefined || this.#ping !== undefined) return
    this.#dpinger.reset()
    const pace = String(timing.intervalMs / 1000)
    this.#ping = startService({
      command: 'ping',
      args: [family === 'inet' ? '-4' : '-6', '-n', '-O', '-i', pace, '-I', device, monitor],
      onOutput: byLine((line) => this.#hear(line)),
      onEnd: () => this.#hear('no answer yet for icmp_seq=0'),
      restartAfterMs: timing.intervalMs,
    })
    this.#judge = setInterval(() => this.#check(), timing.alertIntervalMs)
  }

  stop(): void {
    clearInterval(this.#judge)
    this.#ping?.stop()
    this.#ping = undefined
  }

  #hear(line: string): void {
    const result = parsePingLine(line, performance.now())
    if (result !== undefined) this.#dpinger.hear(result)
  }

  #check(): void {
    const now = performance.now()
    if (this.#dpinger.judge(now)) this.#onChange(this.#dpinger.quality(now), this.#dpinger.isAlarmed)
  }
}
