// @ts-check
/**
 * The first thing that `npm start` and `npm test` run, on whatever Node came with the machine: installs what is missing and
 * says what and why, or says in one line what it cannot do. Usage: main.mjs start|test|fresh|baseline.
 * FIREDRILL_NO_INSTALL=1 only prints what is missing. With FIREDRILL_TARGET, a start needs no embedded lab.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, missingPackages, requireApt } from './debian.mjs'
import { requireKernel } from './kernel.mjs'
import { requireRootOnLinux } from './machine.mjs'
import { purposes } from './needs.mjs'
import { installNpm, npmNeed, requireNode } from './npm.mjs'
import { SetupError } from './setup-error.mjs'

const root = join(fileURLToPath(import.meta.url), '../../..')
const mayInstall = !process.env['FIREDRILL_NO_INSTALL'] || process.env['FIREDRILL_NO_INSTALL'] === '0'

try {
  await setUp(process.argv[2] ?? 'start')
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  say(`${error.message}\n  do: ${error.hint}`)
  process.exitCode = error.exitCode
}

/** @param {string} purpose */
async function setUp(purpose) {
  const needs = purposes[purpose]
  if (needs === undefined)
    throw new SetupError(`unknown purpose ${purpose}`, `name one of ${Object.keys(purposes).join(', ')}`, 64)
  const needsLab = !(purpose === 'start' && process.env['FIREDRILL_TARGET'])
  if (needsLab) requireRootOnLinux(purpose, process.platform, process.getuid?.())
  const missing = needsLab ? await missingPackages(needs.packages) : []
  if (mayInstall) await install(npmNeed(root), missing)
  else refuse(npmNeed(root), missing)
  requireNode(root)
  if (needsLab && needs.kernel) await requireKernel()
}

/**
 * @param {string | null} npmReason
 * @param {readonly import('./needs.mjs').DebianPackage[]} missing
 */
async function install(npmReason, missing) {
  if (npmReason !== null) {
    say(`installing npm packages from package-lock.json: ${npmReason}`)
    await installNpm(root)
  }
  if (missing.length === 0) return
  requireApt(missing)
  for (const { name, why } of missing) say(`installing Debian package ${name}: ${why}`)
  await installPackages(missing)
  const still = await missingPackages(missing)
  if (still.length > 0)
    throw new SetupError(`not installed: ${still.map(({ name }) => name).join(', ')}`, 'install them by hand')
}

/**
 * @param {string | null} npmReason
 * @param {readonly import('./needs.mjs').DebianPackage[]} missing
 */
function refuse(npmReason, missing) {
  if (npmReason !== null) say(`missing npm packages: ${npmReason}`)
  for (const { name, why } of missing) say(`missing Debian package ${name}: ${why}`)
  if (npmReason === null && missing.length === 0) return
  throw new SetupError('FIREDRILL_NO_INSTALL is set, so nothing was installed', 'install what is missing, or unset it')
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`set-up: ${line}\n`)
}
