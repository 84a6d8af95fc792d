import { expect, it } from 'vitest'
import { parseXml } from '../../configuration/xml.ts'
import { createSecretCheck, holds, readAccounts } from './accounts.ts'

const hash =
  '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.'

const config = parseXml(`<opnsense><system>
  <group><name>watchers</name><member>2000,2001</member><priv>page-status-carp,page-status-interfaces</priv></group>
  <user><name>root</name><uid>0</uid><password>${hash}</password><apikeys><item><key>k</key><secret>${hash}</secret></item></apikeys></user>
  <user><name>watcher</name><uid>2000</uid><password>x</password><priv>user-config-readonly</priv></user>
  <user><name>gone</name><uid>2001</uid><disabled>1</disabled></user>
</system></opnsense>`)

it('users have the privileges of their groups, user 0 has all, who is disabled is none', () => {
  const [root, watcher, ...others] = readAccounts(config)
  expect(root).toMatchObject({ name: 'root', hash, keys: [{ key: 'k', hash }] })
  expect(root && holds(root, 'page-system-hasync')).toBe(true)
  expect([...(watcher?.privileges ?? [])]).toEqual([
    'user-config-readonly',
    'page-status-carp',
    'page-status-interfaces',
  ])
  expect(others).toEqual([])
})

it('a secret is checked, and found again without being computed', () => {
  const fits = createSecretCheck()
  expect(fits('hello world!', hash)).toBe(false)
  expect(fits('Hello world!', hash)).toBe(true)
  const startedAt = performance.now()
  for (let each = 0; each < 100; each += 1) expect(fits('Hello world!', hash)).toBe(true)
  expect(performance.now() - startedAt).toBeLessThan(100)
  expect(fits('', '')).toBe(false)
})
