import { expect, it } from 'vitest'
import { readOptions } from './options.ts'

const given = ['--url', 'https://pve1:8006', '--token-file', '/t', '--node', 'pve1', '--vmids', '9900-9909']
const fingerprint = `${'ab:'.repeat(31)}cd`

it('reads the least that it takes', () => {
  expect(readOptions(given)).toEqual({
    url: 'https://pve1:8006',
    tokenFile: '/t',
    node: 'pve1',
    vmids: { first: 9900, last: 9909 },
  })
})

it('writes a fingerprint as certificates show it', () => {
  expect(readOptions([...given, '--fingerprint', fingerprint])?.fingerprint).toBe(fingerprint.toUpperCase())
})

it.each([
  ['--vmids A-B', [...given.slice(0, 6), '--vmids', '9900-9902']],
  ['--vmids A-B', given.slice(0, 6)],
  ['--url', ['--url', 'http://pve1:8006', ...given.slice(2)]],
  ['--fingerprint or --ca-file', [...given, '--fingerprint', fingerprint, '--ca-file', '/c']],
  ['--fingerprint AB:CD', [...given, '--fingerprint', 'abcd']],
  ['the options below', [...given, '--nope']],
])('refuses a command line without a right %s', (text, argv) => {
  expect(() => readOptions(argv)).toThrow(text)
  expect(() => readOptions(argv)).toThrow(expect.objectContaining({ exitCode: 64 }))
})

it('knows no options when it asks for help', () => {
  expect(readOptions(['--help'])).toBeNull()
})
