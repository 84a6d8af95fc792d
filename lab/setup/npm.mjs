// @ts-check
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './child.mjs'
import { failureOf, SetupError } from './setup-error.mjs'

const pinnedPath = `node_modules/node-${process.platform}-${process.arch}`

/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} LockFile */

/**
 * Why `node_modules` has to be installed again, or null where it is what the lock file says.
 * @param {string} root
 * @returns {string | null}
 */
export function npmNeed(root) {
  const installed = readLock(join(root, 'node_modules/.package-lock.json'))
  if (installed === null) return 'node_modules is absent'
  const changed = differences(readLock(join(root, 'package-lock.json')) ?? {}, installed)
  return changed.length === 0 ? null : `node_modules differs from package-lock.json: ${summary(changed)}`
}

/**
 * Paths of packages whose installed version is not the locked one. An absent optional package is no difference: npm leaves
 * out those of other platforms.
 * @param {LockFile} locked
 * @param {LockFile} installed
 * @returns {string[]}
 */
export function differences(locked, installed) {
  const wanted = Object.entries(locked.packages ?? {}).filter(([path]) => path !== '')
  const present = installed.packages ?? {}
  const wrong = wanted.filter(([path, entry]) => {
    const found = present[path]
    return found === undefined ? entry.optional !== true : !isSame(entry, found)
  })
  const extra = Object.keys(present).filter((path) => locked.packages?.[path] === undefined)
  return [...wrong.map(([path]) => path), ...extra]
}

/**
 * Installs exactly the lock file. Install scripts stay off: the natives that ssh2 would compile are optional.
 * @param {string} root
 */
export async function installNpm(root) {
  const quiet = ['--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund', '--no-progress']
  const { command, args } = npmCommand(process.env)
  const env = { npm_config_update_notifier: 'false', ...asPinnedNode(root) }
  const ended = await run(command, [...args, 'ci', '--prefix', root, ...quiet], { env })
  if (ended.code !== 0) {
    throw failureOf('npm ci', ended, 'check the network and the npm registry settings, then try again')
  }
}

/**
 * What makes npm, on an older Node, choose packages for the pinned Node.
 * @param {string} root
 * @returns {Record<string, string>}
 */
function asPinnedNode(root) {
  const pinned = readLock(join(root, 'package-lock.json'))?.packages?.[pinnedPath]?.version
  if (isNewEnough() || pinned === undefined) return {}
  const preload = JSON.stringify(fileURLToPath(new URL('pinned-node.cjs', import.meta.url)))
  return {
    FIREDRILL_PINNED_NODE: `v${pinned}`,
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --require ${preload}`,
  }
}

/**
 * The npm that called this script, on its own Node: the one in node_modules is about to be replaced.
 * @param {Record<string, string | undefined>} env
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env) {
  const script = env['npm_execpath']
  const node = env['npm_node_execpath']
  return script && node && existsSync(node) ? { command: node, args: [script] } : { command: 'npm', args: [] }
}

/**
 * The project runs from source, so its Node must strip types: the pinned one, or the machine's where that is new enough.
 * Makes the link to the pinned one where it is absent: npm 9 removes it together with the package of the other architecture.
 * @param {string} root
 */
export function requireNode(root) {
  const link = join(root, 'node_modules/.bin/node')
  if (existsSync(link)) return
  const program = join(pinnedPath, 'bin/node')
  if (existsSync(join(root, program))) symlinkSync(join('../..', program), link)
  else if (!isNewEnough()) throw tooOld()
}

function tooOld() {
  return new SetupError(
    `firedrill runs on Node 22.19 or newer; this is ${process.version}, and there is no Node 24 of npm's for ${process.platform} ${process.arch}`,
    'install a newer Node and try again',
  )
}

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 19)
}

/**
 * @param {string} path
 * @returns {LockFile | null}
 */
function readLock(path) {
  if (!existsSync(path)) return null
  /** @type {unknown} */
  const content = JSON.parse(readFileSync(path, 'utf8'))
  return isLockFile(content) ? content : null
}

/**
 * @param {unknown} content
 * @returns {content is LockFile}
 */
function isLockFile(content) {
  return typeof content === 'object' && content !== null && 'packages' in content
}

/**
 * @param {{ version?: string, integrity?: string }} locked
 * @param {{ version?: string, integrity?: string }} found
 */
function isSame(locked, found) {
  return locked.version === found.version && locked.integrity === found.integrity
}

/** @param {readonly string[]} paths */
function summary(paths) {
  const names = paths.slice(0, 3).map((path) => path.replace(/^.*node_modules\//, ''))
  return paths.length > 3 ? `${names.join(', ')} and ${paths.length - 3} more` : names.join(', ')
}
