import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeLongRecording } from '../../.ci/bench/analysis/recording.ts'

const judged = join(import.meta.dirname, '../../.ci/bench/analysis/judged/main.ts')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firedrill-long-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a recording of 300,000 probes is judged in a heap that could not hold it', () => {
  const file = join(folder, 'run.jsonl')
  writeLongRecording(file, 300_000)
  const heap = ['--max-old-space-size=48', '--max-semi-space-size=4']
  const { status, stdout, stderr } = spawnSync(process.execPath, [...heap, judged, file], { encoding: 'utf8' })

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('failover: 341 of 100/s lost, 1 window')
})
