import { createSocket } from 'node:dgram'
import type { TunnelAddresses } from './tunnel.ts'

/** The words of a bulk update between two nodes; `states` is the size of the sender's table. */
export type BulkMessage = { bulk: 'request' } | { bulk: 'begin' } | { bulk: 'end'; states: number }

/** Carries bulk words inside pfsync0, so that what stops state sync stops them too. */
export type BulkChannel = { send: (message: BulkMessage) => void }

const port = 3781

/** Opens the channel; resolves when it listens. Unreadable datagrams are dropped. */
export function openBulkChannel(
  { own, peer }: TunnelAddresses,
  onMessage: (message: BulkMessage) => void,
): Promise<BulkChannel> {
  const socket = createSocket('udp4')
  socket.on('message', (data) => {
    const message = readBulkMessage(data.toString())
    if (message !== undefined) onMessage(message)
  })
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    socket.bind(port, own, () => resolve({ send: (message) => socket.send(writeBulkMessage(message), port, peer) }))
  })
}

/** One datagram: `request`, `begin` or `end <states>`. */
export function writeBulkMessage(message: BulkMessage): string {
  return message.bulk === 'end' ? `end ${message.states}` : message.bulk
}

/** The opposite of writeBulkMessage. */
export function readBulkMessage(text: string): BulkMessage | undefined {
  if (text === 'request' || text === 'begin') return { bulk: text }
  const states = /^end (\d{1,9})$/.exec(text)?.[1]
  return states === undefined ? undefined : { bulk: 'end', states: Number(states) }
}
