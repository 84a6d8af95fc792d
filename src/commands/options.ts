import { InvalidArgumentError, Option } from 'commander'
import { durationSchema } from '../model/duration.ts'

/** The target file of a hypervisor, or FIREDRILL_TARGET. */
export function targetOption(): Option {
  return new Option('--target <file>', 'target file of a hypervisor').env('FIREDRILL_TARGET').conflicts('lab')
}

/** Which lab of its kind on one hypervisor. */
export function instanceOption(): Option {
  return new Option('--instance <number>', 'a second lab of the same kind: shifts VMIDs and VLAN tags by ten each')
    .argParser(readInstance)
    .default(0)
}

function readInstance(given: string): number {
  if (!/^\d{1,2}$/.test(given)) throw new InvalidArgumentError('expected a number from 0 to 99')
  return Number(given)
}

/** How often each scenario is drilled. */
export function trialsOption(): Option {
  return new Option('--trials <number>', 'trials of each scenario, each from the same clean state')
    .argParser(readTrials)
    .default(1)
}

function readTrials(given: string): number {
  if (!/^[1-9]\d{0,2}$/.test(given)) throw new InvalidArgumentError('expected a number from 1 to 999')
  return Number(given)
}

/** How many labs stand side by side. */
export function jobsOption(): Option {
  return new Option(
    '--jobs <number>',
    'labs side by side (embedded labs; one more than processors if not given)',
  ).argParser(readJobs)
}

function readJobs(given: string): number {
  if (!/^[1-9]\d?$/.test(given)) throw new InvalidArgumentError('expected a number from 1 to 99')
  return Number(given)
}

/** How long a run may last at most. */
export function maxDurationOption(): Option {
  return new Option(
    '--max-duration <duration>',
    'halt and heal a run after so long, like 10m (as its steps need if not given)',
  ).argParser(readDuration)
}

function readDuration(given: string): number {
  const parsed = durationSchema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'expected a duration')
}

/** Where the secrets of a lab file come from. */
export function secretsOption(): Option {
  return new Option('--secrets <file>', "values of the lab file's secrets (YAML map, mode 0600)")
}

/** The cluster that a target file attaches, named once more. */
export function confirmOption(): Option {
  return new Option('--confirm-cluster <name>', 'the cluster whose machines a target file attaches')
}

/** A kept lab by its name. */
export function labOption(): Option {
  return new Option('--lab <name>', 'a lab that `firedrill lab up` keeps')
}

/** Defects that firewalls of an embedded lab are born with. */
export function defectOption(): Option {
  return new Option('--defect <machine:defect>', 'let a firewall of the embedded lab be born broken (repeatable)')
    .argParser(collectDefect)
    .default([])
}

function collectDefect(given: string, earlier: string[]): string[] {
  if (!/^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/i.test(given)) {
    throw new InvalidArgumentError('expected <machine>:<defect>, like fw1:garp-suppressed')
  }
  return [...earlier, given]
}
