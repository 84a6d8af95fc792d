import type { Lab } from '../../../src/model/lab.ts'

/** Who is where, as the script's own variables name it. */
export interface Addresses {
  vip: string
  primary: string
  secondary: string
  /** Of the secondary towards the provider. */
  secondaryWan: string
  outside: string
}

/** Bytes of data in an echo request, by which its sender is told on the wire; 56, which is usual, are the script's, to the shared address, and the harness's. */
export const sizes = { truth: 24, usual: 56, ping: 58, fping: 60 }
/** How often the stream sends by which the captures know the truth. */
export const truthEveryMs = 10

/** The addresses of the bench in a lab. */
export function addressesIn({ machines, pair }: Lab): Addresses {
  const of = (machine: string, network: string) => {
    const nic = machines[machine]?.nics[network]
    return bare(typeof nic === 'string' ? nic : undefined, `${machine} on ${network}`)
  }
  const vip = pair.vips.find(({ network }) => network === 'lan')?.address
  return {
    vip: bare(vip, 'the shared address of the LAN'),
    primary: of(pair.primary, 'lan'),
    secondary: of(pair.secondary, 'lan'),
    secondaryWan: of(pair.secondary, 'wan'),
    outside: of('target', 'uplink'),
  }
}

function bare(address: string | undefined, what: string): string {
  const [found] = address?.split('/') ?? []
  if (found === undefined) throw new Error(`expected an address of ${what}`)
  return found
}
