import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filledIn, valueOf } from './expression.ts'
import type { Contexts } from './expression.ts'
import type { Job, Step } from './workflow.ts'

/** What became of a step: its command's exit code and output, or the action with what it was given; neither where it was skipped. */
interface EndedStep {
  name: string
  outcome: 'success' | 'failure' | 'skipped'
  code: number | null
  said: string
  with: Readonly<Record<string, string>>
}

/** A job as it ended: all steps, its outputs, and the summary that people see. */
export interface EndedJob {
  result: 'success' | 'failure'
  steps: EndedStep[]
  outputs: Readonly<Record<string, string>>
  summary: string
}

type StepFacts = Record<string, { outcome: string; outputs: Record<string, string> }>

interface Running {
  workspace: string
  contexts: Contexts
  env: NodeJS.ProcessEnv
  facts: StepFacts
  ended: EndedStep[]
  files: string
}

/**
 * Runs the steps of a job as a runner does, one after the other in `workspace`, with their conditions, variables and output files.
 * Actions are not run: they end well, and tell what they were given.
 */
export async function runJob(
  job: Job,
  contexts: Contexts,
  workspace: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<EndedJob> {
  const files = mkdtempSync(join(tmpdir(), 'firedrill-runner-'))
  writeFileSync(join(files, 'summary'), '')
  const running: Running = { workspace, contexts, env, facts: {}, ended: [], files }
  try {
    for (const step of job.steps) await runStep(step, running)
    const outputs = allFilledIn(job.outputs, contextsOf(running))
    const summary = readFileSync(join(files, 'summary'), 'utf8')
    return {
      result: hasFailed(running) ? 'failure' : 'success',
      steps: running.ended,
      outputs,
      summary,
    }
  } finally {
    rmSync(files, { recursive: true, force: true })
  }
}

async function runStep(step: Step, running: Running): Promise<void> {
  const contexts = contextsOf(running)
  const functions = { always: () => true, success: () => !hasFailed(running) }
  const isDue =
    step.if === undefined ? !hasFailed(running) : valueOf(conditionOf(step.if), contexts, functions) === true
  const given = allFilledIn(step.with, contexts)
  const name = step.name ?? step.uses ?? ''
  const { code, said, outputs } =
    isDue && step.run !== undefined ? await execute(step, step.run, running) : { code: null, said: '', outputs: {} }
  const outcome = isDue ? (code === null || code === 0 ? 'success' : 'failure') : 'skipped'
  running.ended.push({ name, outcome, code, said, with: isDue ? given : {} })
  if (step.id !== undefined) running.facts[step.id] = { outcome, outputs }
}

/** A condition without `always()` or `success()` in it holds only where nothing has failed. */
const conditionOf = (text: string) => (/\b(always|success)\(\)/.test(text) ? text : `success() && (${text})`)

const hasFailed = ({ ended }: Running) => ended.some(({ outcome }) => outcome === 'failure')

const contextsOf = ({ contexts, facts }: Running): Contexts => ({ ...contexts, steps: facts })

async function execute(step: Step, command: string, running: Running) {
  const { workspace, files, env } = running
  const output = join(files, 'output')
  writeFileSync(output, '')
  const own = allFilledIn(step.env, contextsOf(running))
  const child = spawn('bash', ['-e', '-c', command], {
    cwd: workspace,
    env: { ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: join(files, 'summary'), ...own },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, said, outputs: outputsIn(readFileSync(output, 'utf8')) }
}

/** Every text of a map, filled in. */
export const allFilledIn = (texts: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filledIn(text, contexts)]))

/** `name=value` lines, and `name<<END` blocks. */
function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  const block = /^([\w-]+)<<(\w+)\n([^]*?)^\2$/gm
  for (const [, name = '', , value = ''] of text.matchAll(block)) outputs[name] = value.trimEnd()
  for (const [, name = '', value = ''] of text.replaceAll(block, '').matchAll(/^([\w-]+)=(.*)$/gm))
    outputs[name] = value
  return outputs
}
