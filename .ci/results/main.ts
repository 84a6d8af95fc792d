/**
 * Writes `docs/results.md` from real runs of the pack: `npm run results -- [SUITE [SECOND SUITE]] [--out FILE]`, each the folder of a suite. Without one,
 * the pack is run (`firedrill run scenarios/`). Exit 0 whatever the verdicts are: the page tells them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { format } from 'prettier'
import { renderResults } from './page.ts'
import { readSuite } from './read-suite.ts'

const root = join(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(root, 'docs/results.md') } },
})
const [first = await runPack(), second] = positionals
const page = renderResults(await readSuite(first), second === undefined ? null : await readSuite(second))
await writeFile(values.out, await format(page, { parser: 'markdown', printWidth: 120 }))

/** Runs all scenarios; the folder of the suite. */
async function runPack(): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'src/cli.ts'), 'run', 'scenarios/'], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    process.stdout.write(text)
  })
  await once(child, 'close')
  const folder = /^suite: (.*)\/junit\.xml$/m.exec(said)?.[1]
  if (folder === undefined) throw new Error('the pack did not end as a suite')
  return join(root, folder)
}
