// @ts-check
import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { run } from './child.mjs'

/**
 * Links that make something start at boot: systemd's wants, requires and aliases (not masks), and the S links of System V.
 * @param {string} [etc]
 * @returns {Set<string>}
 */
export function enabledUnits(etc = '/etc') {
  const trees = ['systemd/system', 'systemd/user'].map((folder) => join(etc, folder))
  const levels = entries(etc).filter((name) => /^rc[0-6S]\.d$/.test(name))
  const starts = levels.flatMap((level) =>
    entries(join(etc, level))
      .filter(isStart)
      .map((name) => join(etc, level, name)),
  )
  return new Set([...trees.flatMap(links), ...starts])
}

/**
 * Disables everything that is enabled now and was not `before`, as an administrator would, so that a later upgrade of the
 * package does not enable it again. Returns the names of what it disabled.
 * @param {ReadonlySet<string>} before
 * @returns {Promise<string[]>}
 */
export async function disableNewUnits(before) {
  const added = linksSince(before)
  const units = unique(added.filter((path) => !isStart(basename(path))).map(unitOf))
  const services = unique(
    added
      .map((path) => basename(path))
      .filter(isStart)
      .map((name) => name.slice(3)),
  )
  if (units.length > 0)
    await run('deb-systemd-helper', ['disable', ...units], { env: { DPKG_MAINTSCRIPT_PACKAGE: 'firedrill' } })
  for (const service of services) await run('update-rc.d', [service, 'disable'])
  for (const path of linksSince(before)) rmSync(path, { force: true })
  return unique([...units, ...services])
}

/** @param {ReadonlySet<string>} before */
function linksSince(before) {
  return [...enabledUnits()].filter((path) => !before.has(path))
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function links(folder) {
  return entries(folder).flatMap((name) => {
    const path = join(folder, name)
    const status = lstatSync(path)
    if (status.isSymbolicLink()) return readlinkSync(path) === '/dev/null' ? [] : [path]
    return status.isDirectory() ? links(path) : []
  })
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function entries(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * The unit behind a link: its target, because an alias has another name.
 * @param {string} path
 */
function unitOf(path) {
  return basename(readlinkSync(path))
}

/** @param {string} name */
function isStart(name) {
  return /^S\d\d/.test(name)
}

/**
 * @param {readonly string[]} names
 * @returns {string[]}
 */
function unique(names) {
  return [...new Set(names)]
}
