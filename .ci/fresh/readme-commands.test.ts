import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readmeCommands } from './readme-commands.ts'

const mark = '<!-- run by: test:fresh -->'

it('reads the commands of the marked blocks in the order of the README', () => {
  const readme = `# x\n${mark}\n\`\`\`sh\nnpm start   # a first drill\n\`\`\`\n\n\`\`\`sh\nls\n\`\`\`\n${mark}\n\`\`\`sh\nnpm test\ncp a b\n\`\`\`\n`
  expect(readmeCommands(readme)).toEqual(['npm start', 'npm test', 'cp a b'])
})

it('refuses a README that does not have both of the promised ones in marked blocks', () => {
  expect(() => readmeCommands(`${mark}\n\`\`\`sh\nnpm start\n\`\`\`\nthen npm test\n`)).toThrow('found: npm start')
})

it("a newcomer's path goes on with a scenario that is edited, planned and drilled", () => {
  const typed = readmeCommands(readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8'))
  expect(typed.map((command) => command.split(' ', 5).join(' '))).toEqual([
    'npm start',
    'npm test',
    'cp scenarios/opnsense-single-wan/master-power-off.yaml my-drill.yaml',
    "sed -i 's/max: 4500ms/max: 5s/'",
    'npm run -s firedrill --',
    'npm run -s firedrill --',
  ])
})
