import { LineCounter, isCollection, isMap, isNode, isScalar, parseDocument } from 'yaml'
import type { Document } from 'yaml'
import type { DocumentPath, Mistake, PlacedMistake } from './mistake.ts'

/** Largest scenario or lab file that is read at all, in characters. */
const maxDocumentLength = 1_000_000

/** A YAML file as plain data, with the means to find any path in it again. */
export interface ParsedDocument {
  data: unknown
  place(mistake: Mistake): PlacedMistake
}

/** Parses one YAML document. Syntax errors, duplicate keys and alias bombs are mistakes, never exceptions. */
export function parseYaml(text: string, file: string): { document: ParsedDocument } | { mistakes: PlacedMistake[] } {
  if (text.length > maxDocumentLength) {
    const message = `expected at most ${maxDocumentLength} characters, got ${text.length}`
    return { mistakes: [{ file, line: 1, column: 1, message }] }
  }
  const lines = new LineCounter()
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const mistakes = parsed.errors.map((error) => ({ file, ...position(lines, error.pos[0]), message: firstLine(error) }))
  if (mistakes.length > 0) return { mistakes }
  try {
    const data: unknown = parsed.toJS({ maxAliasCount: 50 })
    return { document: { data, place: (mistake) => place(parsed, lines, file, mistake) } }
  } catch (error) {
    return { mistakes: [{ file, line: 1, column: 1, message: firstLine(error) }] }
  }
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
