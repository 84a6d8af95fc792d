import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../model/event.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { linesOf } from './chunks.ts'
import { formatOf, formatVersion, fromLine } from './line.ts'

/**
 * A recording on file. Its events are read from the file whenever they are asked for, so that a recording of any length fits;
 * how many lines were unreadable and the digest that reports cite are known once they have been read to the end.
 */
export interface Recording {
  readonly events: Iterable<Event>
  readonly unreadableLines: number
  readonly sha256: string
}

/** Opens a recording (a `run.jsonl`, or the folder of a run). A torn tail is counted, not fatal; another format is refused. */
export async function readRecording(path: string): Promise<Recording> {
  const found = await stat(path).catch(() => null)
  const file = found?.isDirectory() === true ? join(path, 'run.jsonl') : path
  const recorded = await stat(file).catch(() => null)
  if (recorded?.isFile() !== true) {
    throw new HarnessError(`expected a recording at ${path}, found none`, {
      exitCode: exitCodes.usage,
      hint: 'name a run folder under reports/, or its run.jsonl',
    })
  }
  const recording = new FileRecording(file)
  refuseOtherFormat(recording, path)
  return recording
}

class FileRecording implements Recording {
  readonly #path: string
  readonly events: Iterable<Event>
  unreadableLines = 0
  sha256 = ''

  constructor(path: string) {
    this.#path = path
    this.events = { [Symbol.iterator]: () => this.#read() }
  }

  firstLine(): string {
    const lines = linesOf(this.#path)
    const first = lines.next()
    lines.return('')
    return first.done === true ? '' : (first.value ?? '')
  }

  *#read(): Generator<Event> {
    const lines = linesOf(this.#path)
    let unreadable = 0
    for (let next = lines.next(); ; next = lines.next()) {
      if (next.done === true) {
        this.sha256 = next.value
        this.unreadableLines = unreadable
        return
      }
      const event = next.value === null ? null : fromLine(next.value)
      if (event === null) unreadable += 1
      else yield event
    }
  }
}

function refuseOtherFormat(recording: FileRecording, path: string): void {
  const format = formatOf(recording.firstLine())
  if (format === null || (format >= 1 && format <= formatVersion)) return
  throw new HarnessError(`expected a recording of format 1 to ${formatVersion} at ${path}, got format ${format}`, {
    exitCode: exitCodes.usage,
    hint: 'use the release of firedrill that wrote it, or a newer one',
  })
}
