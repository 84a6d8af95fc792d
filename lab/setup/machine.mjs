// @ts-check
import { SetupError } from './setup-error.mjs'

const instead = 'or name a real cluster with FIREDRILL_TARGET'

/**
 * Throws where the embedded lab cannot be: namespaces and bridges are Linux, and making them is root's.
 * @param {string} purpose
 * @param {string} platform
 * @param {number | undefined} userId
 */
export function requireRootOnLinux(purpose, platform, userId) {
  if (platform !== 'linux') {
    throw new SetupError(`the embedded lab needs Linux, this is ${platform}`, `use a Linux machine, ${instead}`)
  }
  if (userId === 0) return
  const command =
    { start: 'npm start', test: 'npm test', baseline: 'npm run bench:baseline' }[purpose] ?? `npm run test:${purpose}`
  throw new SetupError(`the embedded lab needs root, this is user ${userId}`, `sudo ${command}, ${instead}`)
}
