import { createHash } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HarnessError } from '../model/failure.ts'
import { appendToJournal, readJournal } from './journal.ts'
import type { UndoEntry } from './journal.ts'
import { readRecording } from './reader.ts'
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
    const recording = await readRecording(folder)
    expect([...recording.events]).toEqual(recorder.events)
    expect(recording).toMatchObject({ unreadableLines: 0, sha256: sha256Of(readFileSync(file)) })
    expect([...recording.events]).toHaveLength(2)
  })

  test('is never written over', () => {
    const file = join(folder, 'run.jsonl')
    writeFileSync(file, '')
    expect(() => openRecorder(file, { nowMs: () => 0, sleep: () => Promise.resolve() })).toThrow(/EEXIST/)
  })

  test('is kept in memory without what comes in bulk, and of samples only as far as they may be asked for', () => {
    let nowMs = 0
    const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() }
    const seen: string[] = []
    const recorder = openRecorder(join(folder, 'run.jsonl'), clock, ({ type }) => seen.push(type))
    recorder.record({ type: 'problem', where: 'here', message: 'something' })
    for (; nowMs < 1_000_000; nowMs += 20) {
      recorder.record({ type: 'role-sample', node: 'fw1', sentMs: nowMs, ackedMs: nowMs, vhids: [] })
      recorder.record({ type: 'probe', stream: 'udp', seq: nowMs / 20, sentMs: nowMs, receivedMs: null })
    }
    recorder.close()

    expect(seen).toHaveLength(100_001)
    expect(recorder.events.length).toBeLessThan(30_000)
    expect(recorder.events[0]?.type).toBe('problem')
    expect(recorder.events.some(({ type }) => type === 'probe')).toBe(false)
    expect(recorder.events.filter(({ atMs }) => atMs >= 880_000)).toHaveLength(6000)
  })

  test('with a torn tail gives what came before, and says how many lines it could not read', async () => {
    const whole = '{"type":"progress","atMs":1,"text":"a"}\n'
    expect(await read(`${whole}{"type":"progr`)).toMatchObject({ events: [{ text: 'a' }], unreadableLines: 1 })
  })

  test('is read whole where lines are longer than the chunks of reading, and characters than a byte', async () => {
    const texts = ['ä'.repeat(1_500_000), '', '🔥'.repeat(300_001), 'end']
    const lines = texts.map((text, atMs) => `${JSON.stringify({ type: 'progress', atMs, text })}\n`)
    const { events, unreadableLines } = await read(lines.join(''))
    expect(events.map((event) => (event.type === 'progress' ? event.text : ''))).toEqual(texts)
    expect(unreadableLines).toBe(0)
  })

  test('of the first format is read as one of this: what sessions said one by one becomes columns', async () => {
    const lines = [
      '{"format":1,"type":"progress","atMs":0,"text":"a"}',
      '{"type":"message","atMs":5,"stream":"held","session":1,"seq":7,"sentMs":100.5}',
      '{"type":"echo","atMs":6,"stream":"held","session":1,"seq":7,"receivedMs":101.5}',
    ]
    expect((await read(lines.join('\n'))).events.slice(1)).toEqual([
      { type: 'messages', atMs: 5, stream: 'held', baseMs: 100.5, sessions: [1], seqs: [7], afterMs: [0] },
      { type: 'echoes', atMs: 6, stream: 'held', baseMs: 101.5, sessions: [1], seqs: [7], afterMs: [0] },
    ])
  })

  test('of another format is refused with what to do, and one that is not there as well', async () => {
    await expect(read('{"format":99,"type":"run-started"}\n')).rejects.toThrow(HarnessError)
    await expect(readRecording(join(folder, 'none'))).rejects.toThrow(/found none/)
  })

  test('is read whatever bytes are in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(fc.json()).map((lines) => lines.join('\n')),
        ),
        async (text) => {
          expect(['read', 'refused']).toContain(await attempt(text))
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
    expect(owedOf(file)).toEqual(['c', 'a'])
  })

  test('that ends in half a line owes what stands whole before it', () => {
    const file = join(folder, 'undo.jsonl')
    appendToJournal(file, undo('a', 'planned'))
    appendFileSync(file, '{"id":"b","sta')
    expect(owedOf(file)).toEqual(['a'])
    appendToJournal(file, undo('a', 'done'))
    expect(owedOf(file)).toEqual([])
  })

  test('owes what was planned again after it was done', () => {
    const file = join(folder, 'undo.jsonl')
    for (const state of ['planned', 'done', 'planned'] as const) appendToJournal(file, undo('a', state))
    expect(owedOf(file)).toEqual(['a'])
  })

  test('never loses an undo that stands whole on a line, whatever stands around it, and tells the lines that it cannot read', () => {
    const noise = fc
      .oneof(fc.string(), fc.json(), fc.constant('{"id":"b","sta'))
      .map((text) => text.replaceAll('\n', ''))
    fc.assert(
      fc.property(fc.array(noise), fc.array(noise), (before, after) => {
        const file = join(folder, 'any.jsonl')
        writeFileSync(file, `${[...before, JSON.stringify(undo('a', 'planned')), ...after].join('\n')}\n`)
        expect(owedOf(file)).toContain('a')
        const strange = [...before, ...after].filter((line) => line !== '')
        expect(readJournal(file)?.unreadable.length).toBe(strange.length)
      }),
    )
  })

  test('that was never begun owes nothing', () => {
    expect(readJournal(join(folder, 'undo.jsonl'))).toBe(null)
  })
})

const owedOf = (file: string) => readJournal(file)?.owed.map(({ id }) => id)

async function read(text: string) {
  const file = join(folder, 'any.jsonl')
  writeFileSync(file, text)
  const recording = await readRecording(file)
  return { events: [...recording.events], unreadableLines: recording.unreadableLines }
}

async function attempt(text: string): Promise<string> {
  try {
    return (await read(text)).unreadableLines >= 0 ? 'read' : 'misread'
  } catch (error) {
    return error instanceof HarnessError ? 'refused' : 'crashed'
  }
}

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
