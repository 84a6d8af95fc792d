/** @import { NetworkInterfaceInfo } from 'node:os' */

/**
 * The NIC that is in one network with an IPv4 address, and the machine's own address there. Throws where there is none.
 * @param {string} towards
 * @param {Partial<Record<string, NetworkInterfaceInfo[]>>} nics
 * @returns {{ name: string, address: string }}
 */
export function nicTowards(towards, nics) {
  for (const [name, addresses = []] of Object.entries(nics)) {
    const own = addresses.find(({ family, address, netmask }) => family === 'IPv4' && isNear(address, towards, netmask))
    if (own !== undefined) return { name, address: own.address }
  }
  throw new Error(`no NIC of this machine is in the network of ${towards}`)
}

/**
 * @param {string} one
 * @param {string} other
 * @param {string} mask
 */
const isNear = (one, other, mask) => ((numberOf(one) ^ numberOf(other)) & numberOf(mask)) === 0

/** @param {string} address */
const numberOf = (address) => Buffer.from(address.split('.').map(Number)).readInt32BE(0)
