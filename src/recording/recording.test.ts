import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HarnessError } from '../model/failure.ts'
import { appendToJournal, openUndos } from './journal.ts'
import type { UndoEntry } from './journal.ts'
import { parseRecording, readRecording } from './reader.ts'
import { openRecorder } from './recorder.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a recording', () => {
  test('holds each fact from the moment it is learnt, and reads back as it was written', async () => {
    const file = join(folder, 'run.jsonl')
    const recorder = openRecorder(file, { nowMs: () => 12.5, sleep: () => Promise.resolve() })
    recorder.record({ type: 'problem', where: 'here', message: 'something' })
    expect(readFileSync(file, 'utf8')).toContain('something')
    recorder.record({ type: 'progress', text: 'going on' })
    recorder.close()
    expect(await readRecording(folder)).toMatchObject({ events: recorder.events, unreadableLines: 0 })
  })

  test('is never written over', () => {
    const file = join(folder, 'run.jsonl')
    writeFileSync(file, '')
    expect(() => openRecorder(file, { nowMs: () => 0, sleep: () => Promise.resolve() })).toThrow(/EEXIST/)
  })

  test('with a torn tail gives what came before, and says how many lines it could not read', () => {
    const whole = '{"type":"progress","atMs":1,"text":"a"}\n'
    expect(parseRecording(`${whole}{"type":"progr`, 'x')).toMatchObject({ events: [{ text: 'a' }], unreadableLines: 1 })
  })

  test('of another format is refused with what to do', () => {
    expect(() => parseRecording('{"format":99,"type":"run-started"}\n', 'x')).toThrow(HarnessError)
  })

  test('is read whatever bytes are in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(fc.json()).map((lines) => lines.join('\n')),
        ),
        (text) => {
          expect(['read', 'refused']).toContain(attempt(text))
        },
      ),
    )
  })
})

describe('an undo journal', () => {
  const undo = (id: string, state: UndoEntry['state']): UndoEntry => ({
    id,
    state,
    kind: 'vm-stop',
    params: { on: '$master' },
    machines: ['fw1'],
    lab: 'two',
    what: `undo ${id}`,
  })

  test('owes what was planned and not done, latest first', () => {
    const file = join(folder, 'undo.jsonl')
    for (const entry of [undo('a', 'planned'), undo('b', 'planned'), undo('c', 'planned'), undo('b', 'done')])
      appendToJournal(file, entry)
    expect(openUndos(file).map(({ id }) => id)).toEqual(['c', 'a'])
  })

  test('that ends in half a line owes what stands whole before it', () => {
    const file = join(folder, 'undo.jsonl')
    appendToJournal(file, undo('a', 'planned'))
    appendFileSync(file, '{"id":"b","sta')
    expect(openUndos(file).map(({ id }) => id)).toEqual(['a'])
  })

  test('that was never begun owes nothing', () => {
    expect(openUndos(join(folder, 'undo.jsonl'))).toEqual([])
  })
})

function attempt(text: string): string {
  try {
    return parseRecording(text, 'x').unreadableLines >= 0 ? 'read' : 'misread'
  } catch (error) {
    return error instanceof HarnessError ? 'refused' : 'crashed'
  }
}
