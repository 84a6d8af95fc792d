/** `npm run pages`: writes the pages of `docs/` that are made from the code. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pages } from './pages.ts'

for (const [file, page] of Object.entries(await pages()))
  writeFileSync(join(import.meta.dirname, '../../docs', file), page)
