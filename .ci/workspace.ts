import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const project = join(import.meta.dirname, '..')
const own = new Set(['reports', '.git', '.firedrill'])

/** A folder that looks like a checkout of this project, and is written to instead of it. */
export interface Workspace {
  folder: string
  remove(): void
}

/**
 * Makes a workspace of links to everything in the project but its reports, of which it has a copy of the sample alone. `replaced` are paths
 * whose folders become real, with links to their other entries, so that a test can put files of its own there.
 */
export function makeWorkspace(replaced: readonly string[] = []): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-workspace-'))
  const real = new Set(replaced.flatMap(foldersAbove))
  linkAll('.', folder, real, new Set([...own, ...replaced]))
  mkdirSync(join(folder, 'reports'))
  cpSync(join(project, 'reports/sample'), join(folder, 'reports/sample'), { recursive: true })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** `lab/setup` and `lab` of `lab/setup/main.mjs`: a link in their place would let a test write into the project. */
function foldersAbove(path: string): string[] {
  const folder = dirname(path)
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)]
}

function linkAll(path: string, folder: string, real: ReadonlySet<string>, left: ReadonlySet<string>): void {
  for (const entry of readdirSync(join(project, path))) {
    const inner = join(path, entry)
    if (left.has(inner)) continue
    if (real.has(inner)) {
      mkdirSync(join(folder, inner))
      linkAll(inner, folder, real, left)
    } else symlinkSync(join(project, inner), join(folder, inner))
  }
}
