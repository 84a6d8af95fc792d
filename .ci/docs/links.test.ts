import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it, test } from 'vitest'
import { pages } from './blocks.ts'

const project = join(import.meta.dirname, '../..')

/** The headings of a page as GitHub makes anchors of them. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
      .replaceAll(' ', '-'),
  )

test.each([...pages()])('every link of %s leads somewhere', (page, text) => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)/g)]
  const broken = links.filter(([, path = '', anchor]) => {
    const to = path === '' ? page : normalize(join(dirname(page), path))
    if (!existsSync(join(project, to))) return true
    return anchor !== undefined && !anchorsOf(pages().get(to) ?? '').includes(anchor.slice(1))
  })
  expect(broken.map(([link]) => link)).toEqual([])
})

it('the README leads to every page', () => {
  const readme = pages().get('README.md') ?? ''
  const unnamed = [...pages().keys()].filter((page) => page !== 'README.md' && !readme.includes(`(${page})`))
  expect(unnamed).toEqual([])
})
