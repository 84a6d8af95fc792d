import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { shippedLab, shippedScenario, workplace } from './firedrill.fixture.ts'

const place = workplace()
afterAll(() => place.remove())

const cli = join(import.meta.dirname, '..', 'cli.ts')
const sound = readFileSync(shippedScenario, 'utf8')
/** What it took is told at the end: memory, and processor time, which does not count who else had the processors. */
const tellUsage = `data:text/javascript,process.on("exit",()=>{
const {maxRSS,userCPUTime,systemCPUTime}=process.resourceUsage();
process.stderr.write("used "+maxRSS+" "+Math.round((userCPUTime+systemCPUTime)/1000))})`
/** Memory that a refusal may take: the limit that operators are promised. */
const mostKilobytes = 200_000
/** Times the time of a sound file, which takes some 0.15 s: slow machines are slow with both. */
const mostRatio = 5

interface Refusal {
  code: number | null
  /** Processor time. */
  ms: number
  kilobytes: number
  /** Without the folder. */
  first: string
}

function check(name: string, command: string): Refusal {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tellUsage, cli, command, name], {
    cwd: place.folder,
    encoding: 'utf8',
  })
  const said = (stdout + stderr).replaceAll(`${place.folder}/`, '')
  const [, kilobytes, ms] = (/used (\d+) (\d+)$/.exec(said) ?? []).map(Number)
  return { code: status, ms: ms ?? Number.NaN, kilobytes: kilobytes ?? Number.NaN, first: said.split('\n', 1)[0] ?? '' }
}

const changed = (from: string | RegExp, to: string): string => sound.replace(from, to)
const tenLists = (name: string) => `[${Array.from({ length: 10 }, () => name).join(', ')}]`
const bomb = [
  `a: &a ${tenLists('x')}`,
  ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} ${tenLists(`*${'abcdefg'.charAt(i)}`)}`),
].join('\n')

const soundMs = Math.min(...[1, 2].map(() => check(place.write('sound.yaml', sound), 'validate').ms))

test.each([
  [
    'a machine that is no machine of the lab',
    changed('$master', 'pve-host'),
    /:15:47: expected a machine of the lab, got "pve-host"/,
  ],
  [
    'a VMID instead of a machine',
    changed('$master', '4711'),
    /:15:47: expected (a machine name or one of \$master|string)/,
  ],
  ['an unknown role', changed('$master', '$boss'), /:15:47: expected a machine of the lab, got "\$boss"/],
  [
    'a path as its name',
    changed('scenario: master-power-off', 'scenario: ../../etc'),
    /:1:11: expected a name of letters/,
  ],
  [
    'a path to something that is no lab',
    changed(/^lab: .*/m, 'lab: ../../../etc/passwd'),
    /:5:6: expected a lab that exists/,
  ],
  [
    'a duration without unit',
    changed('every: 200ms', 'every: 5'),
    /:\d+:\d+: expected a duration with its unit.*got 5/,
  ],
  ['a negative duration', changed('every: 200ms', 'every: -1s'), /expected a duration with its unit.*got "-1s"/],
  ['an endless duration', changed('every: 200ms', 'every: 1e9h'), /expected a duration with its unit.*got "1e9h"/],
  ['a key given twice', changed('lab:', 'lab: other\nlab:'), /:6:1: Map keys must be unique/],
  ['a key that is an object', `${sound}\n? { a: 1 }\n: 2\n`, /:\d+:3: expected a word as key/],
  ['a type of its own', changed('scenario: master', 'scenario: !!js/function master'), /:1:11: Unresolved tag/],
  ['two documents', `${sound}\n---\n${sound}`, /multiple documents/],
  ['nothing in it', '', /:1:1: expected object, got null/],
  ['control characters in a key', changed('lab:', '"\\e[2J": 1\nlab:'), /expected a known key, got "\\u\{1b\}\[2J"/],
  ['ten megabytes', `${sound}\n#${'x'.repeat(10_000_000)}`, /:1:1: expected at most 100000 characters/],
  ['a bomb of aliases', bomb, /:2:\d+: Excessive alias count/],
  ['a value within itself', 'a: &a { b: *a }', /:1:12: expected a value, got \*a within itself/],
  ['brackets without end', `lab: ${'['.repeat(90_000)}`, /:1:46: expected values at most 40 levels deep/],
  ['braces without end', `lab: ${'{a: '.repeat(20_000)}`, /:1:\d+: expected values at most 40 levels deep/],
  ['lists in lists', `lab:\n${'- '.repeat(40_000)}x`, /:2:\d+: expected values at most 40 levels deep/],
  [
    'steps to the right',
    [...Array(400).keys()].map((n) => `${' '.repeat(n)}a:\n`).join(''),
    /expected lines that begin within 200/,
  ],
  ['a hundred thousand words', 'a: ['.padEnd(99_000, '1,'), /expected at most 50000 words and signs/],
  [
    'thousands of unknown keys',
    [...Array(6000).keys()].map((n) => `key${n}: 1\n`).join(''),
    /:1:1: scenario: expected string, got nothing/,
  ],
])('a scenario with %s is refused with its place, at once and cheaply', (_, text, expected) => {
  const { code, ms, kilobytes, first } = check(place.write('drill.yaml', text), 'validate')
  expect(first).toMatch(expected)
  expect(first).toMatch(/^firedrill: drill\.yaml:\d+:\d+: /)
  expect(code).toBe(64)
  expect(kilobytes).toBeLessThan(mostKilobytes)
  expect(ms).toBeLessThan(soundMs * mostRatio)
})

test.each(['run', 'plan', 'validate'])('%s refuses without loading what a drill needs', (command) => {
  const { code, kilobytes } = check(place.write('drill.yaml', changed('$master', '$boss')), command)
  expect(code).toBe(64)
  expect(kilobytes).toBeLessThan(mostKilobytes)
})

test('an endless device is no scenario, lab or target', () => {
  expect(check('/dev/zero', 'validate')).toMatchObject({ code: 64 })
  const lab = readFileSync(shippedLab, 'utf8').replace('lab:', '"\\0": 1\nlab:')
  expect(check(place.write('lab.yaml', lab), 'validate')).toMatchObject({ code: 64 })
})
