import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { namesOfRecording } from './recording-format.ts'

const root = join(import.meta.dirname, '..')

it('only src/recording names the file of a recording', () => {
  const paths = globSync('src/**/*.ts', { cwd: root })
  expect(namesOfRecording(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])))).toEqual([])
})

it('finds a file that opens the recording by itself', () => {
  const opens = `await open(join(folder, 'run.jsonl'))`
  const planted = [
    'src/engine/engine.ts',
    'src/recording/writer.ts',
    'src/engine/engine.test.ts',
    'lab/embedded/main.ts',
  ]
  expect(namesOfRecording(new Map(planted.map((path) => [path, opens])))).toEqual(['src/engine/engine.ts'])
  expect(namesOfRecording(new Map([['src/commands/analyze.ts', 'judges run.jsonl again']]))).toEqual([])
})
