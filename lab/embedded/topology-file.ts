import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { topologySchema, type Topology } from '../topologies/topology.ts'
import { LabError } from './lab-error.ts'

/** Reads a topology. Throws a LabError that lists every mistake as file:line:column. */
export function readTopology(file: string): Topology {
  const lines = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: lines })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    throw mistakes(document.errors.map((error) => `${place(error.pos[0])}: ${error.message.split('\n')[0]}`))
  }
  const parsed = topologySchema.safeParse(document.toJS())
  if (parsed.success) return parsed.data
  throw mistakes(
    parsed.error.issues.map(({ path, message }) => `${place(offsetOf(document, path))}: ${path.join('.')}: ${message}`),
  )
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new LabError(`cannot read the topology ${file}`, error instanceof Error ? error.message : String(error), 64)
  }
}

function mistakes(lines: readonly string[]): LabError {
  return new LabError(lines.join('\n'), 'correct the topology', 64)
}

// The nearest place that exists: a missing key has none of its own.
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const found = document.getIn(path.slice(0, length), true)
    if (isNode(found) && found.range) return found.range[0]
  }
  return 0
}
