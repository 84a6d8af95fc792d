/**
 * How much space and time the analysis of a long recording takes: `npm run bench:analysis -- 8640000`. Writes the recording of a drill with so many
 * probes (100 a second: by default those of 24 hours), judges it in a process of its own, and removes it. Ends with 1 above 300 MB.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeLongRecording } from './recording.ts'

const probes = Number(process.argv[2] ?? 8_640_000)
const mostMb = 300
const folder = mkdtempSync(join(tmpdir(), 'firedrill-analysis-'))
const file = join(folder, 'run.jsonl')

try {
  const began = performance.now()
  writeLongRecording(file, probes)
  const mb = statSync(file).size / 2 ** 20
  say(`${probes} probes, ${mb.toFixed(0)} MB, written in ${seconds(performance.now() - began)}`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'judged/main.ts'), file], {
    encoding: 'utf8',
  })
  say(stdout.trim())
  if (status !== 0) say(stderr.trim())
  const peakMb = Number(/peak memory (\d+) MB/.exec(stdout)?.[1] ?? Infinity)
  say(`below ${mostMb} MB: ${peakMb < mostMb ? 'yes' : 'NO'}`)
  if (!(peakMb < mostMb)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
