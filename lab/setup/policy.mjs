// @ts-check
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

const policyPath = '/usr/sbin/policy-rc.d'
const marker = '# firedrill set-up, process'

/**
 * Denies maintainer scripts to start or restart any service (exit code 101, as policy-rc.d is defined to say) until the
 * returned function is called, which puts back what was there before. Leftovers of a killed set-up are put back first.
 * @param {string} [path]
 * @returns {() => void}
 */
export function denyStarts(path = policyPath) {
  const saved = `${path}.before-firedrill`
  if (isOrphan(path)) putBack(path, saved)
  if (existsSync(path)) renameSync(path, saved)
  writeFileSync(
    path,
    `#!/bin/sh\n${marker} ${process.pid}: no service starts while packages are installed\nexit 101\n`,
    { mode: 0o755 },
  )
  return () => putBack(path, saved)
}

/**
 * @param {string} path
 * @param {string} saved
 */
function putBack(path, saved) {
  if (existsSync(saved)) renameSync(saved, path)
  else rmSync(path, { force: true })
}

/**
 * Ours, but the process that wrote it is gone.
 * @param {string} path
 */
function isOrphan(path) {
  const owner = existsSync(path) ? readFileSync(path, 'utf8').match(new RegExp(`${marker} (\\d+)`))?.[1] : undefined
  return owner !== undefined && !existsSync(`/proc/${owner}`)
}
