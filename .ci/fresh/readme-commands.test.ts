import { expect, it } from 'vitest'
import { readmeCommands } from './readme-commands.ts'

it('reads both commands in the order of the README, once each', () => {
  const readme = '# x\n```sh\nnpm start   # a first drill\n```\ntext npm run build\n```\n$ npm test\nnpm start\n```\n'
  expect(readmeCommands(readme)).toEqual(['npm start', 'npm test'])
})

it('refuses a README that does not have both in a fenced block', () => {
  expect(() => readmeCommands('```sh\nnpm start\n```\nthen npm test\n')).toThrow('found: npm start')
})
