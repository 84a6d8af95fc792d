import { expect, it } from 'vitest'
import { readRelease } from './release.ts'

it('product and release come from one word; a bare release is OPNsense', () => {
  expect(readRelease('opnsense-26.1\n')).toEqual({ flavour: 'opnsense', release: '26.1' })
  expect(readRelease('pfsense-2.8')).toEqual({ flavour: 'pfsense', release: '2.8' })
  expect(readRelease('25.7')).toEqual({ flavour: 'opnsense', release: '25.7' })
})

it('a word that is no release is an unknown one', () => {
  expect(readRelease(undefined)).toEqual({ flavour: 'opnsense', release: 'unknown' })
  expect(readRelease('vyos-1.5').release).toBe('unknown')
})
