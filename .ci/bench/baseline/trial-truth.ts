import type { Interval } from '../../../src/model/interval.ts'
import { type Addresses, sizes, truthEveryMs } from './addresses.ts'
import type { BenchTrial } from './trial.ts'
import { advertised, echoesOf, outageOf, silenceOf } from './truth.ts'
import type { Stretch } from './truth.ts'
import { udpSize } from './wire.ts'
import type { Echo } from './wire.ts'

/** The outages of one flow through the pair. */
export interface Flow {
  failover: Interval
  failback: Interval
}

/** The truth of one trial, from the captures alone. */
export interface Truth extends Flow {
  /** At the shared address, which is all that the script asks. */
  vip: Interval
  promoted: boolean
  /** Whether what is sent through the pair was answered for 5 s in the end. */
  isOver: boolean
  ispSilenceMs: number
}

/** What the captures at the client and at the provider say. */
export function truthOf({ told, stretches }: BenchTrial, addresses: Addresses): Truth {
  const dense = echoesOf(told.client, addresses.outside, sizes.truth)
  const udp = echoesOf(told.client, addresses.outside, udpSize)
  const { failover, failback } = stretches
  return {
    failover: outageOf(dense, failover),
    failback: outageOf(dense, failback),
    vip: outageOf(echoesOf(told.client, addresses.vip, sizes.truth), failover),
    isOver: isCleanAtEnd(dense, failback) && isCleanAtEnd(udp, failback),
    promoted:
      advertised(told.client, addresses.secondary, failover) && advertised(told.isp, addresses.secondaryWan, failover),
    ispSilenceMs: silenceOf(echoesOf(told.isp, addresses.outside, sizes.truth), truthEveryMs, failover),
  }
}

/** What the capture says of one program's own probes; each flow has its own fate at the firewalls. */
export function ownOf({ told, stretches }: BenchTrial, to: string, size: number): Flow {
  const own = echoesOf(told.client, to, size)
  return { failover: outageOf(own, stretches.failover), failback: outageOf(own, stretches.failback) }
}

/** Whether it was sent within a stretch. */
export const isWithin = ({ sentMs }: Echo, { fromMs, toMs }: Stretch): boolean => sentMs >= fromMs && sentMs < toMs

const lastingMs = 5000

const isCleanAtEnd = (echoes: readonly Echo[], { toMs }: Stretch): boolean =>
  outageOf(echoes, { fromMs: toMs - lastingMs, toMs }).low === 0
