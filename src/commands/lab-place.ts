import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { downOnCluster, sweepOrphans, upOnCluster } from './cluster-lab.ts'
import { down, up } from './lab-up.ts'
import type { Terminal } from './terminal.ts'

interface UpOptions {
  name?: string
  defect: string[]
  target?: string
  instance: number
  secrets?: string
}

/** `firedrill lab up`: on a cluster where a target is named, else as an embedded lab on this machine. */
export function labUp(
  file: string | undefined,
  options: UpOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { target, instance, secrets } = options
  if (target === undefined) return up(file, options, terminal, signal)
  const foreign = [
    ...(options.defect.length > 0 ? ['--defect'] : []),
    ...(options.name === undefined ? [] : ['--name']),
  ]
  if (foreign.length > 0) throw usage(`${foreign.join(' and ')} are for embedded labs, got them together with --target`)
  return upOnCluster(file ?? 'opnsense-single-wan', { target, instance, secrets }, terminal, signal)
}

/** `firedrill lab down`: a kept embedded lab; with a target the lab of that name there, or whatever lost runs left. */
export function labDown(
  name: string | undefined,
  { target, instance, orphans = false }: { target?: string; instance: number; orphans?: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (target === undefined && orphans) throw usage('expected --target with --orphans: embedded labs leave none')
  if (target === undefined || (name === undefined && !orphans && process.env['FIREDRILL_TARGET'] === target)) {
    return down(name, terminal)
  }
  if (orphans) return sweepOrphans(target, terminal, signal)
  if (name === undefined) throw usage('expected the name of the lab on the target, or --orphans')
  return downOnCluster(name, { target, instance }, terminal)
}

function usage(message: string): HarnessError {
  return new HarnessError(message, { exitCode: exitCodes.usage })
}
