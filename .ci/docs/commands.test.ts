import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { makeWorkspace } from '../workspace.ts'
import type { Workspace } from '../workspace.ts'
import { blocksOf, commandsOf, pages } from './blocks.ts'
import type { Block } from './blocks.ts'
import { commandBlocks, putFiles, typeBlock } from './run-page.ts'

/** What a block without a comment may be: it is run on every machine that runs `npm test`, which has to go on to other tests. */
const quick =
  /^(npm run -s firedrill -- (validate|plan|schema|analyze|report|doctor|recover)\b|(cp|sed|cmp|sha256sum|grep)\b)/

const all = commandBlocks()
const ours = all.filter(({ runner }) => runner === 'test')
const isQuick = (block: Block) => commandsOf(block).every((command) => quick.test(command))
const byPage = Map.groupBy(ours, ({ page }) => page)

describe.each([...byPage])('%s', (page, blocks) => {
  const place: { workspace?: Workspace } = {}

  beforeAll(() => {
    place.workspace = makeWorkspace()
    putFiles(page, place.workspace)
  })
  afterAll(() => place.workspace?.remove())

  test.each(blocks.flatMap(commandsOf))('is quick and starts nothing: %s', (command) => {
    expect(command).toMatch(quick)
  })

  test.each(blocks.filter(isQuick).map((block) => [commandsOf(block).join('; '), block] as const))('%s', (_, block) => {
    if (place.workspace === undefined) throw new Error('no workspace')
    const { code, said } = typeBlock(block, place.workspace)
    expect({ code, said: code === block.code ? '' : said }).toEqual({ code: block.code, said: '' })
  })
})

it('every command of every page is run by a test, or says why not', () => {
  const counts = { test: 0, 'test:full': 0, 'test:fresh': 0, nobody: 0 }
  for (const block of all) {
    const { runner } = block
    counts[typeof runner === 'string' ? runner : 'nobody'] += commandsOf(block).length
  }
  const total = all.reduce((sum, block) => sum + commandsOf(block).length, 0)
  expect(counts.test + counts['test:full'] + counts['test:fresh'] + counts.nobody).toBe(total)
  expect(counts.test).toBeGreaterThanOrEqual(10)
  expect(counts['test:fresh']).toBeGreaterThanOrEqual(2)
})

test.each([...pages()])('%s: a block that looks like commands says that it is one', (page, text) => {
  const others = blocksOf(page, text).filter(({ language }) => !['sh', 'yaml', 'json', 'ini'].includes(language))
  const typed = others.filter((block) =>
    /^\$? ?(npm|node|npx|sh|sudo|curl|ssh|git|pveum|apt|systemctl) /m.test(block.text),
  )
  expect(typed.map(({ line }) => `${page}:${line}`)).toEqual([])
})

it('a comment that says nothing of who runs a block is refused', () => {
  expect(() => blocksOf('x.md', '<!-- run by: somebody -->\n\n```sh\nls\n```\n')).toThrow('x.md:3: expected who runs')
})

it('reads who runs a block, its exit code, and files', () => {
  const text = [
    '<!-- run by: test:full, ends with 1 -->\n\n```sh\nls # all\n```',
    '- <!-- not run: needs a cluster -->\n\n  ```sh\n  pveum user list\n  ```',
    '<!-- file: a.yaml -->\n```yaml\na: 1\n```',
  ]
  const [first, , last] = blocksOf('x.md', text.join('\n\n'))
  expect(first).toMatchObject({ runner: 'test:full', code: 1 })
  expect(first === undefined ? [] : commandsOf(first)).toEqual(['ls'])
  expect(last).toMatchObject({ file: 'a.yaml', text: 'a: 1\n' })
})
