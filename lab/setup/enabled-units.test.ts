import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { enabledUnits } from './enabled-units.mjs'

let etc = ''

beforeEach(() => {
  etc = mkdtempSync(join(tmpdir(), 'firedrill-etc-'))
  mkdirSync(join(etc, 'systemd/system/multi-user.target.wants'), { recursive: true })
  mkdirSync(join(etc, 'rc2.d'))
})

afterEach(() => rmSync(etc, { recursive: true }))

it('sees units, aliases and System V starts', () => {
  symlinkSync('/lib/systemd/system/ssh.service', join(etc, 'systemd/system/multi-user.target.wants/ssh.service'))
  symlinkSync('/lib/systemd/system/ssh.service', join(etc, 'systemd/system/sshd.service'))
  symlinkSync('../init.d/ssh', join(etc, 'rc2.d/S01ssh'))
  const names = [...enabledUnits(etc)].map((path) => path.slice(etc.length + 1))
  expect(names.toSorted()).toEqual([
    'rc2.d/S01ssh',
    'systemd/system/multi-user.target.wants/ssh.service',
    'systemd/system/sshd.service',
  ])
})

it('does not count masks, stops and units that are only there', () => {
  symlinkSync('/dev/null', join(etc, 'systemd/system/ssh.service'))
  symlinkSync('../init.d/ssh', join(etc, 'rc2.d/K01ssh'))
  writeFileSync(join(etc, 'systemd/system/own.service'), '[Unit]\n')
  expect(enabledUnits(etc)).toEqual(new Set())
})
