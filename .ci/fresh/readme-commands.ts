import { blocksOf, commandsOf } from '../docs/blocks.ts'

const promised = ['npm start', 'npm test']

/**
 * The commands that a newcomer types, in the order of the README: those of its blocks with the comment `run by: test:fresh`.
 * Throws where the two that it promises to work as the first thing typed are not among them.
 */
export function readmeCommands(readme: string): string[] {
  const blocks = blocksOf('README.md', readme).filter(({ runner }) => runner === 'test:fresh')
  const found = blocks.flatMap(commandsOf)
  if (promised.every((command) => found.includes(command))) return found
  throw new Error(
    `the README's blocks for test:fresh should have ${promised.join(' and ')}; found: ${found.join(' and ') || 'none'}`,
  )
}
