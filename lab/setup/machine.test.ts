import { expect, it } from 'vitest'
import { requireRootOnLinux } from './machine.mjs'
import { SetupError } from './setup-error.mjs'

it('root on Linux may go on', () => {
  expect(() => requireRootOnLinux('start', 'linux', 0)).not.toThrow()
})

it('says that the lab needs root, and which command to type', () => {
  expect(() => requireRootOnLinux('test', 'linux', 1000)).toThrow(
    new SetupError(
      'the embedded lab needs root, this is user 1000',
      'sudo npm test, or name a real cluster with FIREDRILL_TARGET',
    ),
  )
})

it('says that the lab needs Linux', () => {
  expect(() => requireRootOnLinux('start', 'darwin', 501)).toThrow('the embedded lab needs Linux, this is darwin')
})
