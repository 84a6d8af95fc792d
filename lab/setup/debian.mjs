// @ts-check
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { run, searchPath } from './child.mjs'
import { disableNewUnits, enabledUnits } from './enabled-units.mjs'
import { denyStarts } from './policy.mjs'
import { failureOf, SetupError } from './setup-error.mjs'

/** @typedef {import('./needs.mjs').DebianPackage} DebianPackage */

const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=120']
const keepSettings = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
const silent = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_SUSPEND: '1', APT_LISTCHANGES_FRONTEND: 'none' }

/**
 * Which of the packages are absent. Asks dpkg once for all; where there is no dpkg, looks for a program of each package.
 * @param {readonly DebianPackage[]} packages
 * @returns {Promise<DebianPackage[]>}
 */
export async function missingPackages(packages) {
  const format = '${Package} ${db:Status-Status}\\n'
  const asked = await run('dpkg-query', ['--show', '--showformat', format, ...packages.map(({ name }) => name)])
  if (asked.code === 127) return packages.filter(({ command }) => !isOnPath(command))
  const present = installedNames(asked.output)
  return packages.filter(({ name }) => !present.has(name))
}

/**
 * Names of the fully installed packages in the output of dpkg-query.
 * @param {string} output
 * @returns {Set<string>}
 */
export function installedNames(output) {
  const lines = output.split('\n').map((line) => line.split(' '))
  return new Set(lines.flatMap(([name, status]) => (name && status === 'installed' ? [name] : [])))
}

/**
 * Installs packages without starting a daemon and without leaving a unit enabled.
 * @param {readonly DebianPackage[]} packages
 */
export async function installPackages(packages) {
  const allowStarts = denyStarts()
  const before = enabledUnits()
  try {
    await run('dpkg', ['--configure', '-a'], { env: silent })
    await aptGet(['update'])
    await aptGet([
      'install',
      '--yes',
      '--no-install-recommends',
      '--no-remove',
      ...keepSettings,
      ...packages.map(({ name }) => name),
    ])
  } finally {
    allowStarts()
    await disableNewUnits(before)
  }
}

/** @param {readonly string[]} args */
async function aptGet(args) {
  const ended = await run('apt-get', [...apt, ...args], { env: silent })
  if (ended.code === 0) return
  throw failureOf(`apt-get ${args[0]}`, ended, 'install the packages by hand, then try again')
}

/**
 * Throws where this is not Debian or Ubuntu.
 * @param {readonly DebianPackage[]} packages
 */
export function requireApt(packages) {
  if (isOnPath('apt-get')) return
  const programs = packages.map(({ command }) => command).join(', ')
  throw new SetupError(
    `the embedded lab needs ${programs}, and there is no apt-get here to install them`,
    'use Debian or Ubuntu, or install these programs by hand, or name a real cluster with FIREDRILL_TARGET',
  )
}

/** @param {string} command */
function isOnPath(command) {
  return searchPath().some((folder) => isExecutable(join(folder, command)))
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
