import { expect, it } from 'vitest'
import { kernelError, parseProbe, requireKernel } from './kernel.mjs'

it('a silent probe means that nothing is absent', () => {
  expect(parseProbe('')).toEqual([])
})

it('reads one absent feature a line, with its reason', () => {
  expect(parseProbe('macvlan: Error: Unknown device type.\ntun: open: No such file or directory\n')).toEqual([
    { feature: 'macvlan', reason: 'Error: Unknown device type.' },
    { feature: 'tun', reason: 'open: No such file or directory' },
  ])
})

it('takes a complaint of unshare itself as absent namespaces', () => {
  expect(parseProbe('unshare: unshare failed: Operation not permitted\n')).toEqual([
    { feature: 'namespaces', reason: 'unshare failed: Operation not permitted' },
  ])
})

it('names all absent features in one line, and the modules to load in the hint', () => {
  const error = kernelError([{ feature: 'macvlan', reason: 'Unknown device type.' }])
  expect(error.message).toBe(
    'the embedded lab needs of this kernel what does not work here: macvlan (Unknown device type.)',
  )
  expect(error.hint).toContain('modprobe macvlan')
  expect(error.exitCode).toBe(69)
})

it('finds every feature on a machine that runs the tests', async () => {
  await expect(requireKernel()).resolves.toBeUndefined()
})
