import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { allFilledIn, runJob } from './local-job.ts'
import { readWorkflow } from './workflow.ts'
import type { Job } from './workflow.ts'
import { makeWorkspace } from '../workspace.ts'

const monthly = readWorkflow('monthly.yml')
const gate = readWorkflow('gate.yml')
const github = { token: 't', repository: 'a/b', server_url: 'https://github.test', run_id: '7', run_attempt: '1' }
const sound = 'scenarios/opnsense-single-wan/master-power-off.yaml'
const { folder, remove } = makeWorkspace()

afterAll(remove)

function jobOf({ jobs }: typeof monthly, name: string): Job {
  const job = jobs[name]
  if (job === undefined) throw new Error(`expected a job ${name}`)
  return job
}

/** The monthly workflow from its start by hand to its last step; `gh` is a stand-in that leaves what it was told. */
async function runMonthly(inputs: Record<string, string>) {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'bin/gh'), `#!/bin/sh\necho "$@" >>"${folder}/told"\n`)
  chmodSync(join(folder, 'bin/gh'), 0o755)
  const caller = jobOf(monthly, 'drill')
  expect(caller.uses).toBe('./.github/workflows/gate.yml')
  const given = allFilledIn(caller.with, { inputs, vars: {} })
  const inputsOf: Record<string, string> = {}
  for (const [name, input] of Object.entries(gate.on.workflow_call?.inputs ?? {})) inputsOf[name] = input.default ?? ''
  const contexts = { github, secrets: {}, inputs: { ...inputsOf, ...given } }
  const env = { ...process.env, PATH: `${folder}/bin:${process.env['PATH'] ?? ''}` }
  const drill = await runJob(jobOf(gate, 'drill'), contexts, folder, env)
  const needs = { drill: { result: drill.result, outputs: drill.outputs } }
  const isDue = drill.result !== 'success'
  const issue = isDue ? await runJob(jobOf(monthly, 'issue'), { github, needs }, folder, env) : null
  return { drill, issue }
}

it('a green month: the pair is drilled, everything is uploaded, nobody is disturbed', async () => {
  const { drill, issue } = await runMonthly({ scenarios: sound, lab: 'embedded' })
  expect(drill.steps.filter(({ outcome }) => outcome === 'failure')).toEqual([])
  expect(drill).toMatchObject({ result: 'success', outputs: { code: '0', verdict: 'pass (exit code 0; 1 pass)' } })
  expect(drill.summary).toContain('| master-power-off | opnsense-single-wan |  | pass | failover: ')
  const upload = drill.steps.find(({ name }) => name === 'JUnit, reports and recordings')
  const folders = upload?.with['path']?.split('\n') ?? []
  expect(folders).toHaveLength(1)
  const uploaded = readdirSync(join(folder, folders[0] ?? ''))
  expect(uploaded).toEqual(expect.arrayContaining(['junit.xml', 'report.html', 'run.jsonl', 'verdict.json']))
  const junit = join(folder, folders[0] ?? '', 'junit.xml')
  expect(spawnSync('xmllint', ['--noout', junit]).status).toBe(0)
  expect(issue).toBeNull()
  expect(existsSync(join(folder, '.firedrill'))).toBe(false)
})

it('a red month: a limit that the pair cannot keep makes the job red and opens an issue', async () => {
  const text = readFileSync(join(folder, sound), 'utf8')
  writeFileSync(
    join(folder, 'strict.yaml'),
    text.replace('min: 1, because: state sync is on', 'min: 2, because: a plant'),
  )
  const { drill, issue } = await runMonthly({ scenarios: 'strict.yaml', lab: 'embedded' })
  expect(drill).toMatchObject({ result: 'failure', outputs: { code: '1' } })
  expect(drill.summary).toContain('### Not a pass')
  expect(issue?.result).toBe('success')
  const told = readFileSync(join(folder, 'told'), 'utf8')
  expect(told).toContain('issue create --label firedrill-red --title The monthly fire drill is not green')
  expect(told).toContain('fail: the pair did not do what a scenario expects (exit code 1; 1 fail)')
})
