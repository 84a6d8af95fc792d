import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pages } from './pages.ts'

const written = await pages()

test.each(Object.keys(written))('docs/%s is what the code makes of it (`npm run pages`)', (file) => {
  expect(readFileSync(join(import.meta.dirname, '../../docs', file), 'utf8')).toBe(written[file])
})
