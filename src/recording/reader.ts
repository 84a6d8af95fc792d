import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../model/event.ts'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { formatOf, formatVersion, fromLine } from './line.ts'

/** A recording as read back: its events, how many lines were unreadable, and the digest that reports cite. */
export interface Recording {
  events: Event[]
  unreadableLines: number
  sha256: string
}

/** Reads a recording (a `run.jsonl`, or the folder of a run). A torn tail is counted, not fatal; another format is refused. */
export async function readRecording(path: string): Promise<Recording> {
  const text = await readFile(await recordingPath(path), 'utf8').catch((cause: unknown) => {
    throw new HarnessError(`expected a recording at ${path}, found none`, {
      exitCode: exitCodes.usage,
      hint: 'name a run folder under reports/, or its run.jsonl',
      cause,
    })
  })
  return parseRecording(text, path)
}

/** Parses the text of a recording. */
export function parseRecording(text: string, path: string): Recording {
  const lines = text.split('\n').filter((line) => line !== '')
  const format = formatOf(lines[0] ?? '')
  if (format !== null && format !== formatVersion) {
    throw new HarnessError(`expected a recording of format ${formatVersion} at ${path}, got format ${format}`, {
      exitCode: exitCodes.usage,
      hint: 'use the release of firedrill that wrote it, or a newer one',
    })
  }
  const events = lines.flatMap((line) => fromLine(line) ?? [])
  return {
    events,
    unreadableLines: lines.length - events.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  }
}

async function recordingPath(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  return found?.isDirectory() === true ? join(path, 'run.jsonl') : path
}
