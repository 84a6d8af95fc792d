import { expect, test } from 'vitest'
import { type Lab, labSchema } from '../model/lab.ts'
import { probeSchemas, probes, streamClasses } from './index.ts'

const lab: Lab = labSchema.parse({
  lab: 'one',
  networks: { wan: { vlan: 101, subnet: '10.101.0.0/24' }, lan: { vlan: 102, subnet: '10.102.0.0/24' } },
  machines: {
    fw1: { image: 'fw', nics: { wan: { dhcp: true }, lan: '10.102.0.2/24' } },
    fw2: { image: 'fw', nics: { wan: { dhcp: true } } },
    client: { image: 'client', nics: { lan: '10.102.0.50/24' } },
  },
  pair: {
    primary: 'fw1',
    secondary: 'fw2',
    vips: [{ network: 'lan', vhid: 1, address: '10.102.0.1/24', skew: {}, password: 'x' }],
  },
})

test.each(Object.keys(probes))(
  '%s stands under its own name, says what it does, and turns parameters into a stream',
  (kind) => {
    const probe = probes[kind]
    const port = kind === 'tcp-connect' ? { port: 443 } : {}
    const params = probeSchemas[kind]?.parse({ from: 'client', to: 'fw1', every: '2s', ...port })
    expect(probe?.kind).toBe(kind)
    expect(probe?.howTo).not.toBe('')
    expect(streamClasses[kind]).toBe(probe?.class)
    const stream = probe?.spec('outside', params ?? {}, lab)
    expect(stream).toMatchObject({ name: 'outside', kind, address: '10.102.0.2', everyMs: 2000, timeoutMs: 2000 })
  },
)

test('UDP that asks for a port of its own for each probe has it in its stream, any other has not', () => {
  const specOf = (given: object) => {
    const params = probeSchemas['udp']?.parse({ from: 'client', to: 'fw1', every: '2s', ...given })
    return probes['udp']?.spec('private', params ?? {}, lab)
  }
  expect(specOf({ fresh: true })).toMatchObject({ isFresh: true })
  expect(specOf({})).not.toHaveProperty('isFresh')
})

test('a stream goes to the first fixed address of its machine; one without any is refused', () => {
  expect(() => probes['ping']?.spec('p', { from: 'client', to: 'fw2', every: 200 }, lab)).toThrow(
    'expected a destination of lab one with an IPv4 address, came fw2',
  )
})

test.each([
  ['ping', { from: 'client', to: 'fw1' }],
  ['ping', { from: 'client', to: 'fw1', every: '200ms', sessions: 2 }],
  ['tcp-session', { from: 'client', to: 'fw1', every: '200ms', sessions: 5001 }],
  ['tcp-session', { from: 'client', to: 'fw1', every: '200ms', port: 0 }],
  ['ssh-session', { from: 'client', to: 'fw1', every: 200 }],
  ['tcp-connect', { from: 'client', to: 'fw1', every: '200ms' }],
  ['dhcp-renew', { from: 'client', to: 'fw1', every: '1999ms' }],
  ['dhcp-renew', { from: 'client', to: 'fw1', every: '2s', family: 6 }],
  ['http', { from: 'client', to: 'fw1', every: '200ms', path: 'health' }],
  ['http', { from: 'client', to: 'fw1', every: '200ms', status: 99 }],
])('%s refuses %j', (kind, params) => {
  expect(probeSchemas[kind]?.safeParse(params).success).toBe(false)
})

test('a page is asked for on the usual port of its protocol unless another is named', () => {
  const specOf = (params: object) =>
    probes['http']?.spec(
      'p',
      { from: 'client', to: 'fw1', every: 200, path: '/', status: 200, tls: false, ...params },
      lab,
    )
  expect(specOf({})?.port).toBe(80)
  expect(specOf({ tls: true })?.port).toBe(443)
  expect(specOf({ tls: true, port: 8443 })).toMatchObject({
    port: 8443,
    request: { path: '/', status: 200, tls: true },
  })
})
