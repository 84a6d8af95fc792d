import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { shippedScenario, workplace } from './firedrill.fixture.ts'

const place = workplace()
afterAll(() => place.remove())

test('a scenario with three mistakes is refused before anything starts, with place and nearest name of each', async () => {
  const scenario = readFileSync(shippedScenario, 'utf8')
    .replace('from: client', 'from: clinet')
    .replace('$master', '$mastr')
    .replace('failback.outage', 'failback.outge')
  const { code, stderr, stdout } = await place.run(['run', place.write('drill.yaml', scenario)])
  const file = `${place.folder}/drill.yaml`
  expect(stderr.split('\n')).toEqual([
    `firedrill: ${file}:10:28: expected a machine of the lab, got "clinet"; did you mean "client"?`,
    `${file}:15:47: expected a machine of the lab, got "$mastr"; did you mean "$master"?`,
    `${file}:31:13: expected a metric after the dot, got "outge"; did you mean "outage"?`,
    '  3 mistakes; nothing was started',
    '',
  ])
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
  expect(readdirSync(place.folder)).toEqual(['drill.yaml'])
  expect(place.leftovers()).toEqual([])
})

test.each([
  ['no command', [], 64],
  ['an unknown command', ['frobnicate'], 64],
  ['help', ['--help'], 0],
  ['a scenario that is not there', ['run', 'nowhere.yaml'], 64],
  ['a target file that is not there', ['run', '--target', 'nowhere.json', shippedScenario], 64],
  ['a target and a kept lab at once', ['run', '--target', 'a.json', '--lab', 'b', shippedScenario], 64],
  [
    'a defect of somebody else’s machine',
    ['run', '--target', 'a.json', '--defect', 'fw1:preempt-off', shippedScenario],
    64,
  ],
  ['a kept lab that is not there', ['run', '--lab', 'nowhere', shippedScenario], 69],
  ['a path as the name of a kept lab', ['lab', 'status', '../../etc'], 64],
  ['a recording that is not there', ['analyze', 'nowhere'], 64],
])('%s ends with its exit code and without a stack', async (_, args, expected) => {
  const { code, stderr } = await place.run(args)
  expect({ code, stack: /\n +at /.test(stderr) }).toEqual({ code: expected, stack: false })
  expect(place.leftovers()).toEqual([])
})
