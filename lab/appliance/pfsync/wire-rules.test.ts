import { expect, it } from 'vitest'
import { tunnelAddresses } from './tunnel.ts'
import { parseCounters, renderWireRules } from './wire-rules.ts'

it('nodes of different versions live in different networks inside, and each drops what is not for it', () => {
  const newer = tunnelAddresses('10.0.0.1', '10.0.0.2', 1500)
  const older = tunnelAddresses('10.0.0.2', '10.0.0.1', 1400)
  expect(newer.peer).not.toBe(older.own)
  expect(renderWireRules(older, false)).toContain(`ip daddr != ${older.own} counter name bad_version drop`)
})

it('a mute node sends nothing', () => {
  const addresses = tunnelAddresses('10.0.0.1', '10.0.0.2')
  expect(renderWireRules(addresses, true)).toContain('counter name sent drop')
  expect(renderWireRules(addresses, false)).not.toContain('sent drop')
})

it('what nft counts is read by name', () => {
  const text = `table inet pfsync {
	counter received {
		packets 12 bytes 900
	}
	counter bad_version {
		packets 3 bytes 90
	}
	counter sent {
		packets 20 bytes 1
	}
}`
  expect(parseCounters(text)).toEqual({ received: 12, sent: 20, badVersion: 3, sendErrors: 0 })
})
