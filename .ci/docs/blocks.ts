import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const project = join(import.meta.dirname, '../..')

/** Who runs the commands of a block: these tests (`npm test` or `npm run test:full`), `npm run test:fresh`, or nobody, and why. */
type Runner = 'test' | 'test:full' | 'test:fresh' | { nobody: string }

/** A fenced block of a page. */
export interface Block {
  page: string
  line: number
  language: string
  text: string
  /** Of a block of commands: who runs it, and the exit code that it is to end with. */
  runner: Runner
  code: number
  /** Whether its commands find the target file of an embedded lab, as the cluster that they speak of. */
  target: boolean
  /** Of another block: the name of the file that the commands of the page find it in. */
  file: string | null
}

const fence = /^( *)(```+)(\w*)\n([^]*?)^\1\2$/gm

/**
 * The README and every page of `docs/`, by path. Commands stand in blocks of the language `sh`. A comment in the line before a block
 * says who runs it: `<!-- run by: test:full -->`, `<!-- run by: test:fresh -->`, `<!-- not run: reason -->`, with `, ends with 1`
 * where 0 is not what is meant, and `, target: embedded` where `target.json` is to be that of an embedded hypervisor; without one it is run by `npm test`. `<!-- file: name -->` puts a block where commands find it.
 */
export function pages(): Map<string, string> {
  const docs = readdirSync(join(project, 'docs')).filter((file) => file.endsWith('.md'))
  const paths = ['README.md', ...docs.toSorted().map((file) => `docs/${file}`)]
  return new Map(paths.map((path) => [path, readFileSync(join(project, path), 'utf8')]))
}

/** The fenced blocks of a page. Throws on a comment that says neither who runs a block nor why nobody does. */
export function blocksOf(page: string, text: string): Block[] {
  return [...text.matchAll(fence)].map(({ index, 1: indent = '', 3: language = '', 4: content = '' }) => {
    const before = text.slice(0, index).trimEnd().split('\n')
    const mark = /^ *<!-- (.*) -->$/.exec(before.at(-1) ?? '')?.[1] ?? ''
    const line = text.slice(0, index).split('\n').length
    const inner = content.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    return { page, line, language, text: inner, ...meaningOf(mark, `${page}:${line}`) }
  })
}

function meaningOf(mark: string, place: string): Pick<Block, 'runner' | 'code' | 'file' | 'target'> {
  const [, what = '', target, code = '0'] = /^(.*?)(, target: embedded)?(?:, ends with (\d+))?$/.exec(mark) ?? []
  const rest = { code: Number(code), target: target !== undefined, file: null }
  if (what === '') return { ...rest, runner: 'test' }
  if (what.startsWith('file: ')) return { ...rest, runner: 'test', file: what.slice('file: '.length) }
  if (what === 'run by: test:full') return { ...rest, runner: 'test:full' }
  if (what === 'run by: test:fresh') return { ...rest, runner: 'test:fresh' }
  if (/^not run: \S/.test(what)) return { ...rest, runner: { nobody: what.slice('not run: '.length) } }
  throw new Error(`${place}: expected who runs the block (or its file), got "${mark}"`)
}

/** The commands of a block, a line each, without remarks. */
export const commandsOf = ({ text }: Block): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#\s.*$/, '').trimEnd())
    .filter((line) => line !== '')
