import { expect, it } from 'vitest'
import { readBulkMessage, writeBulkMessage } from './bulk-channel.ts'
import { tunnelAddresses } from './tunnel.ts'

it('each word of a bulk update is read as it was written, anything else is nothing', () => {
  const words = [{ bulk: 'request' }, { bulk: 'begin' }, { bulk: 'end', states: 2000 }] as const
  for (const word of words) expect(readBulkMessage(writeBulkMessage(word))).toEqual(word)
  for (const text of ['', 'end', 'end -1', 'end 1 2', 'REQUEST']) expect(readBulkMessage(text)).toBeUndefined()
})

it('both nodes agree on the inside addresses, by the order of the outside ones', () => {
  expect(tunnelAddresses('10.103.0.2', '10.103.0.10')).toEqual({ own: '169.254.240.1', peer: '169.254.240.2' })
  expect(tunnelAddresses('10.103.0.10', '10.103.0.2')).toEqual({ own: '169.254.240.2', peer: '169.254.240.1' })
})
