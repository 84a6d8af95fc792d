import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** The folder that holds package.json: two levels up from the sources, three from the published build. */
export const projectRoot = findRoot(import.meta.dirname)

/** Name and version of this program. */
export const tool = z
  .object({ name: z.string(), version: z.string() })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')))

function findRoot(folder: string): string {
  const parent = dirname(folder)
  if (parent === folder) return folder
  try {
    readFileSync(join(folder, 'package.json'))
    return folder
  } catch {
    return findRoot(parent)
  }
}
