import { LineCounter, isAlias, isCollection, isMap, isNode, isScalar, parseDocument, visit } from 'yaml'
import type { Document } from 'yaml'
import { excessOf } from './document-limits.ts'
import type { DocumentPath, Mistake, PlacedMistake } from './mistake.ts'

/** Of the mistakes of one file, no more than this are told. */
export const maxMistakes = 50
/** Aliases that may be written out; a bomb needs more. */
const maxAliases = 50

/** A YAML file as plain data, with the means to find any path in it again. */
export interface ParsedDocument {
  data: unknown
  place(mistake: Mistake): PlacedMistake
}

/** Parses one YAML document. Syntax errors, duplicate keys, excess of any kind and alias bombs are mistakes, never exceptions. */
export function parseYaml(text: string, file: string): { document: ParsedDocument } | { mistakes: PlacedMistake[] } {
  const lines = new LineCounter()
  const at = (offset: number, message: string): PlacedMistake => ({ file, ...position(lines, offset), message })
  const excess = excessOf(text)
  if (excess !== null) return { mistakes: [{ file, ...placeIn(text, excess.offset), message: excess.message }] }
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'error' })
  const wrong = [...parsed.errors, ...parsed.warnings].slice(0, maxMistakes)
  if (wrong.length > 0) return { mistakes: wrong.map((error) => at(error.pos[0], firstLine(error))) }
  const strange = strangeNodes(parsed)
  if (strange.length > 0) return { mistakes: strange.map(({ offset, message }) => at(offset, message)) }
  try {
    const data: unknown = parsed.toJS({ maxAliasCount: maxAliases })
    return { document: { data, place: (mistake) => place(parsed, lines, file, mistake) } }
  } catch (error) {
    return { mistakes: [at(firstAlias(parsed), firstLine(error))] }
  }
}

/** Keys that are no plain words, and aliases of what encloses them: both are YAML, and neither means anything here. */
function strangeNodes(parsed: Document): { offset: number; message: string }[] {
  const found: { offset: number; message: string }[] = []
  visit(parsed, {
    Pair(_, { key }) {
      if (isCollection(key) || isAlias(key))
        found.push({ offset: key.range?.[0] ?? 0, message: 'expected a word as key' })
    },
    Alias(_, alias, path) {
      const source = alias.resolve(parsed)
      if (source !== undefined && path.includes(source))
        found.push({ offset: alias.range?.[0] ?? 0, message: `expected a value, got *${alias.source} within itself` })
    },
  })
  return found.slice(0, maxMistakes)
}

function firstAlias(parsed: Document): number {
  let offset = 0
  visit(parsed, {
    Alias(_, alias) {
      offset = alias.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}

function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}

function place(parsed: Document, lines: LineCounter, file: string, { path, at, message }: Mistake): PlacedMistake {
  const offset = (at === 'key' ? keyOffset(parsed, path) : null) ?? valueOffset(parsed, path)
  return { file, ...position(lines, offset), message }
}

function keyOffset(parsed: Document, path: DocumentPath): number | null {
  const parent = nodeAt(parsed, path.slice(0, -1))
  const key = path.at(-1)
  if (!isMap(parent)) return null
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? null) : null
}

/** The offset of the value at a path, or of the nearest part of the path that exists. */
function valueOffset(parsed: Document, path: DocumentPath): number {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(parsed, path.slice(0, length))
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function nodeAt(parsed: Document, path: DocumentPath): unknown {
  let node: unknown = parsed.contents
  for (const key of path) node = isCollection(node) ? node.get(key, true) : undefined
  return node
}

function position(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
}
