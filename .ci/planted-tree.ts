import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'

/** A file that breaks one rule. A file without a rule is right as it is. */
export interface Plant {
  file: string
  code: string
  rule?: string
}

/** A temporary copy of the project's lint configuration around planted files, linted once. */
export interface PlantedTree {
  /** Names of the rules that refuse this file, e.g. `no-restricted-imports`. */
  rulesBrokenBy(file: string): string[]
  remove(): Promise<void>
}

const root = join(import.meta.dirname, '..')
const configuration = ['oxlint.config.ts', 'tsconfig.json', 'package.json', '.ci/layers.ts']
const output = z.object({ diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })) })

/** Writes the files and runs oxlint over all of them in one process. */
export async function plantTree(plants: readonly Plant[]): Promise<PlantedTree> {
  const tree = await mkdtemp(join(tmpdir(), 'firedrill-lint-'))
  await Promise.all(plants.map(({ file, code }) => write(join(tree, file), `${code}\n`)))
  await Promise.all(configuration.map((file) => copyConfiguration(tree, file)))
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'))
  const { diagnostics } = output.parse(JSON.parse(await lint(tree)))
  return {
    rulesBrokenBy: (file) => diagnostics.filter((each) => each.filename === file).map((each) => ruleName(each.code)),
    remove: () => rm(tree, { recursive: true, force: true }),
  }
}

async function write(path: string, content: string) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

async function copyConfiguration(tree: string, file: string) {
  await mkdir(dirname(join(tree, file)), { recursive: true })
  await copyFile(join(root, file), join(tree, file))
}

/** `eslint(no-console)` -> `no-console` */
function ruleName(code: string) {
  return code.replace(/^.*\((.*)\)$/, '$1')
}

/** oxlint's JSON report; its exit code is 1 as soon as it finds something, which is what it is here for. */
function lint(tree: string): Promise<string> {
  const oxlint = join(root, 'node_modules/.bin/oxlint')
  return new Promise((resolve, reject) => {
    execFile(oxlint, ['--format', 'json', 'src', 'lab'], { cwd: tree, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout)
      else reject(new Error(`oxlint printed no report: ${stderr}`, { cause: error }))
    })
  })
}
