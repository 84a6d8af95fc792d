import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf, pages } from './blocks.ts'
import type { Block } from './blocks.ts'
import type { Workspace } from '../workspace.ts'

/** All blocks of commands of all pages, in their order. */
export const commandBlocks = (): Block[] =>
  [...pages()].flatMap(([page, text]) => blocksOf(page, text)).filter(({ language }) => language === 'sh')

/** Puts the files that a page shows into a workspace, where the commands of the page find them. */
export function putFiles(page: string, { folder }: Workspace): void {
  for (const block of blocksOf(page, pages().get(page) ?? ''))
    if (block.file !== null) writeFileSync(join(folder, block.file), block.text)
}

/** Types the commands of a block into a shell in the workspace, which ends at the first that fails. */
export function typeBlock({ text }: Block, { folder }: Workspace): { code: number | null; said: string } {
  const ended = spawnSync('sh', ['-e'], {
    cwd: folder,
    input: text,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: ended.status, said: ended.stdout + ended.stderr }
}
