import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it, test } from 'vitest'
import { runJob } from './local-job.ts'
import { readWorkflow } from './workflow.ts'
import type { Job } from './workflow.ts'
import { makeWorkspace } from '../workspace.ts'

const workspaces: (() => void)[] = []
const finished = {
  verdict: 'fail',
  headline: '3 packets lost',
  scenario: { scenario: 'power-off', lab: 'dual' },
  findings: [
    { verdict: 'fail', message: 'failover.outage of outside: 9 s, limit at most 4 s [a](b)' },
    { verdict: 'pass', message: 'fine' },
  ],
}

/** Stands in for firedrill: `run` leaves a folder and ends as told, every call leaves its arguments and target. */
const standIn = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
const [command] = process.argv.slice(2)
appendFileSync('calls', process.argv.slice(2).join(' ') + ' target=' + (process.env.FIREDRILL_TARGET ?? 'none') + '\\n')
if (command === 'run') {
  process.on('SIGTERM', () => { appendFileSync('calls', 'undone after SIGTERM\\n'); process.exit(130) })
  mkdirSync('reports/new')
  writeFileSync('reports/new/undo.jsonl', '')
  writeFileSync('reports/new/verdict.json', ${JSON.stringify(JSON.stringify(finished))})
  if (process.env.STAND_IN_HANGS) { process.kill(process.ppid, process.env.STAND_IN_HANGS); await new Promise((end) => setTimeout(end, 20_000)) }
  process.exitCode = Number(process.env.STAND_IN_CODE)
}
if (command === 'recover') process.exitCode = Number(process.env.STAND_IN_LEFT ?? 0)
`

afterEach(() => {
  for (const remove of workspaces.splice(0)) remove()
})

function workspace() {
  const { folder, remove } = makeWorkspace(['src/cli.ts', 'lab/setup/main.mjs'])
  workspaces.push(remove)
  put(join(folder, 'src/cli.ts'), standIn)
  put(join(folder, 'lab/setup/main.mjs'), '')
  const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n')
  return { folder, calls }
}

function put(file: string, text: string) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A stand-in for a program, for those who have the workspace's `bin` in their path. */
function program(folder: string, name: string, script: string) {
  put(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

const inputs = { scenarios: 'scenarios/a.yaml scenarios/b', lab: 'embedded', trials: '2', 'confirm-cluster': '' }
const secrets = {
  FIREDRILL_TARGET_JSON: '{"url": "x"}',
  FIREDRILL_TOKEN: 'firedrill@pve!drill=uuid',
  FIREDRILL_SSH_KEY: 'KEY',
}
const env = (more: Record<string, string>) => ({ ...process.env, STAND_IN_CODE: '0', ...more })

function jobOf(file: string, name: string): Job {
  const job = readWorkflow(file).jobs[name]
  if (job === undefined) throw new Error(`expected a job ${name} in ${file}`)
  return job
}

const gate = jobOf('gate.yml', 'drill')
const byName = (steps: Awaited<ReturnType<typeof runJob>>['steps'], name: string) =>
  steps.find((step) => step.name === name)

describe('the steps of the gate', () => {
  test.each([
    ['0', 'success', 'pass'],
    ['1', 'failure', 'fail: the pair did not do what a scenario expects'],
    ['2', 'failure', 'unknown: a drill proves nothing'],
    ['64', 'failure', 'refused: a scenario, lab or target file has mistakes'],
    ['69', 'failure', 'the lab or the hypervisor is not available'],
    ['70', 'failure', 'a bug of firedrill'],
    ['75', 'failure', 'SOMETHING IS LEFT TO UNDO'],
    ['130', 'failure', 'interrupted'],
    ['3', 'failure', 'exit code 3, which firedrill does not have'],
  ])('exit code %s of firedrill is a %s: %s', async (code, result, title) => {
    const { folder } = workspace()
    const ended = await runJob(gate, { inputs }, folder, env({ STAND_IN_CODE: code }))
    expect(ended).toMatchObject({ result, outputs: { code, verdict: `${title} (exit code ${code}; 1 fail)` } })
    expect(byName(ended.steps, 'Drill')?.code).toBe(Number(code))
    expect(byName(ended.steps, 'JUnit, reports and recordings')?.with).toMatchObject({ path: 'reports/new' })
    expect(ended.summary).toContain(`## ${title}`)
    expect(ended.summary).toContain('| power-off | dual |  | fail | 3 packets lost |')
    expect(ended.summary).toContain('- power-off: failover.outage of outside: 9 s, limit at most 4 s &#91;a&#93;(b)')
  })

  it('hand scenarios and trials on as they are, and leave the sample out of what is uploaded', async () => {
    const { folder, calls } = workspace()
    const ended = await runJob(gate, { inputs: { ...inputs, scenarios: '$(touch x) --defect; *' } }, folder, env({}))
    expect(ended.result).toBe('success')
    expect(calls()).toEqual(['doctor target=none', 'run --trials 2 -- $(touch x) --defect; * target=none'])
    expect(existsSync(join(folder, 'reports/new/undo.jsonl'))).toBe(false)
  })

  it('keep the secrets of a target in files for their owner, undo before and after, and remove them', async () => {
    const { folder, calls } = workspace()
    const ended = await runJob(
      gate,
      { inputs: { ...inputs, lab: 'target', 'confirm-cluster': 'prod' }, secrets },
      folder,
      env({}),
    )
    expect(ended.result).toBe('success')
    const target = `target=${folder}/.firedrill/target.json`
    expect(calls()).toEqual([
      `doctor ${target}`,
      `recover ${target}`,
      `run --trials 2 --confirm-cluster prod -- scenarios/a.yaml scenarios/b ${target}`,
      `recover ${target}`,
    ])
    expect(existsSync(join(folder, '.firedrill'))).toBe(false)
    expect(existsSync(join(folder, 'reports/new/undo.jsonl'))).toBe(true)
    expect(ended.steps.map(({ said }) => said).join('')).not.toContain('uuid')
  })

  it('become root for the embedded lab, and only for it, and give back what root made', async () => {
    const { folder } = workspace()
    program(folder, 'id', 'echo 1000')
    program(folder, 'sudo', `shift; echo "$@" | cut -d ' ' -f 1,3- >>"${folder}/sudone"; exec "$@"`)
    program(folder, 'chown', ':')
    const path = `${folder}/bin:${process.env['PATH'] ?? ''}`
    await runJob(gate, { inputs: { ...inputs, lab: 'target' }, secrets }, folder, env({ PATH: path }))
    expect(existsSync(join(folder, 'sudone'))).toBe(false)
    rmSync(join(folder, 'reports/new'), { recursive: true })
    const ended = await runJob(gate, { inputs }, folder, env({ PATH: path }))
    expect(ended.result).toBe('success')
    expect(readFileSync(join(folder, 'sudone'), 'utf8').trimEnd().split('\n')).toEqual([
      'env node lab/setup/main.mjs start',
      'env node src/cli.ts doctor',
      'env node src/cli.ts run --trials 2 -- scenarios/a.yaml scenarios/b',
      'chown 1000:1000 reports node_modules',
    ])
  })

  it('never drill the embedded lab instead of a target that is not there', async () => {
    const { folder } = workspace()
    const ended = await runJob(gate, { inputs: { ...inputs, lab: 'target' }, secrets: {} }, folder, env({}))
    expect(ended).toMatchObject({ result: 'failure', outputs: { code: '' } })
    expect(byName(ended.steps, 'Prepare')?.code).toBe(64)
    expect(existsSync(join(folder, 'calls'))).toBe(false)
    expect(ended.outputs['verdict']).toBe('no drill (exit code none; no drill came to a verdict)')
  })

  it('are loud when something is left that cannot be undone', async () => {
    const { folder } = workspace()
    const job = { ...gate, steps: gate.steps.filter(({ name }) => name !== 'Undo what an earlier job left') }
    const left = env({ STAND_IN_CODE: '75', STAND_IN_LEFT: '75' })
    const ended = await runJob(job, { inputs: { ...inputs, lab: 'target' }, secrets }, folder, left)
    const undo = byName(ended.steps, 'Undo what is left')
    expect(undo?.code).toBe(75)
    expect(undo?.said).toContain('::error title=Something is left to undo::')
    expect(ended.outputs['verdict']).toContain('SOMETHING IS LEFT TO UNDO')
  })

  test.each(['SIGINT', 'SIGTERM'])('let a drill that is cancelled by %s undo what it did', async (signal) => {
    const { folder, calls } = workspace()
    const ended = await runJob(gate, { inputs }, folder, env({ STAND_IN_HANGS: signal }))
    expect(calls()).toContain('undone after SIGTERM')
    expect(ended.outputs['code']).toBe('130')
  })
})

describe('the issue of a month that was not green', () => {
  const issue = jobOf('monthly.yml', 'issue')

  async function told(code: string, open: string) {
    const { folder } = workspace()
    const tells = `printf '%s|' "$@" >>"${folder}/calls"; echo >>"${folder}/calls"`
    program(folder, 'gh', `${tells}\n[ "$2" != list ] || echo "${open}"`)
    const needs = { drill: { result: 'failure', outputs: { code, verdict: 'a `bad` $(month)' } } }
    const github = { token: 't', repository: 'a/b', server_url: 'https://github.test', run_id: 7 }
    const path = `${folder}/bin:${process.env['PATH'] ?? ''}`
    const ended = await runJob(issue, { needs, github }, folder, env({ PATH: path }))
    expect(ended.result).toBe('success')
    return readFileSync(join(folder, 'calls'), 'utf8')
  }

  it('is opened, with the verdict and the way to the run', async () => {
    const calls = await told('2', '')
    expect(calls).toContain('issue|create|--label|firedrill-red|--title|The monthly fire drill is not green|')
    expect(calls).toContain('a `bad` $(month)')
    expect(calls).toContain('https://github.test/a/b/actions/runs/7')
  })

  it('gets a comment where it is open already, and says so in its title when something is left to undo', async () => {
    const calls = await told('75', '12')
    expect(calls).toContain('issue|comment|12|')
    expect(calls).toContain('issue|edit|12|--title|URGENT: a fire drill left something to undo|')
    expect(calls).not.toContain('create|--label|firedrill-red|--title')
  })
})
