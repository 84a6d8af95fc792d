import { killChildren } from './children.mjs'

/**
 * Ends the agent and every program it has started, at once. The agent is a program of its own, so it may.
 * @param {number} code
 * @returns {never}
 */
export function endAgent(code) {
  killChildren()
  // oxlint-disable-next-line unicorn/no-process-exit, no-restricted-properties
  process.exit(code)
}
