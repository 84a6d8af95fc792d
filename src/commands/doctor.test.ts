import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { diagnose, diagnosisText } from './diagnosis.ts'
import { doctor } from './doctor.ts'

const folder = mkdtempSync(join(tmpdir(), 'firedrill-doctor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a target that does not answer is exit 69, and its token is never said', async () => {
  const token = 'lab@pve!drill=12345678-1234-1234-1234-123456789abc'
  const tokenFile = join(folder, 'token')
  const targetFile = join(folder, 'target.json')
  writeFileSync(tokenFile, token, { mode: 0o600 })
  writeFileSync(targetFile, JSON.stringify({ url: 'https://127.0.0.1:9', node: 'pve1', tokenFile, machines: {} }))
  const printed: string[] = []
  const print = (text: string) => void printed.push(text)
  const terminal = { print, progress: print, complain: print, colour: false, columns: 80 }
  const code = await doctor(undefined, { target: targetFile }, terminal, new AbortController().signal)
  expect(code).toBe(exitCodes.unavailable)
  expect(printed.join('\n')).toMatch(/^fail +API: /m)
  expect(printed.join('\n')).not.toContain('12345678')
})

test('what is thrown is a failure, and its hint what to do', async () => {
  const error = new HarnessError('expected node pve9, lab has pve1', { exitCode: 69, hint: 'correct "node"' })
  const line = await diagnose('node', () => Promise.reject(error))
  expect(diagnosisText(line, false)).toBe('fail     node: expected node pve9, lab has pve1\n           correct "node"')
})
