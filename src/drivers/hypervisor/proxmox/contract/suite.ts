import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { HarnessError, exitCodes, type ExitCode } from '../../../../model/failure.ts'
import type { Target } from '../../../../model/target.ts'
import type { Clock } from '../../../../ports/clock.ts'
import { type ProxmoxVe, connectProxmox } from '../proxmox.ts'
import { connectTo } from '../transport/connection.ts'
import { readToken } from '../transport/token.ts'
import { type Bench, type Roles, own } from './bench.ts'
import { type Line, caller } from './call.ts'
import { cases } from './cases/index.ts'
import type { Options } from './options.ts'
import { expectFree, expectNode, ownVms, readStorage } from './preflight.ts'
import { caseLine, endReport } from './report.ts'
import { type Outcome, runCase } from './runner.ts'
import type { ApiSchema } from './schema/document.ts'
import { sweep } from './sweep.ts'
import { type Tally, tallyOf } from './tally.ts'
import { listen } from './traffic.ts'

const preflightMs = 60_000
const sweepMs = 180_000

/** Runs all cases against the endpoint and removes everything again, on every way out. Resolves to the exit code. */
export async function runSuite(
  options: Options,
  schema: ApiSchema | null,
  print: (line: string) => void,
  interruption: AbortSignal,
): Promise<ExitCode> {
  const traffic = listen()
  const target = targetOf(options)
  const line: Line = {
    connection: connectTo(target),
    url: target.url,
    token: await readToken(target, {}),
    wrong: new Set(),
  }
  const driver = await connectProxmox({
    target,
    lab: { name: own.lab, machines: ['main', 'template', 'clone'] },
    clock,
  })
  try {
    const benchWith = await prepare(
      options,
      line,
      driver,
      AbortSignal.any([interruption, AbortSignal.timeout(preflightMs)]),
    )
    const outcomes = await runAll(benchWith, options, print, interruption)
    const left = await sweep(benchWith(AbortSignal.timeout(sweepMs)), options)
    const tally = tallyOf(schema, traffic.exchanges, line.wrong)
    print(endReport(outcomes, tally, left))
    return interruption.aborted ? exitCodes.interrupted : exitCodeOf(outcomes, tally, left)
  } finally {
    traffic.stop()
    await Promise.all([driver.close(), line.connection.destroy()])
  }
}

type BenchWith = (signal: AbortSignal) => Bench

/** Everything is read before anything is written: what is not ours is a refusal. */
async function prepare(options: Options, line: Line, driver: ProxmoxVe, signal: AbortSignal): Promise<BenchWith> {
  const call = caller(line, signal)
  const release = await driver.cluster.release(signal)
  await expectNode(call, options.node)
  const storage = await readStorage(call, options)
  const leftovers = await ownVms(call, options)
  const { first } = options.vmids
  const vmids = { main: first, template: first + 1, clone: first + 2, none: first + 3 }
  const taken = new Set(leftovers.map(({ vmid }) => vmid))
  await expectFree(
    call,
    Object.values(vmids).filter((vmid) => !taken.has(vmid)),
  )
  const common = {
    node: options.node,
    release,
    vmids,
    storage,
    bridge: options.bridge ?? null,
    driver: rolesOf(driver),
  }
  const secret = { badToken: `${line.token.split('=', 1)[0]}=${randomUUID()}`, sdnLock: { token: null } }
  return (each) => ({ ...common, ...secret, call: caller(line, each), signal: each })
}

async function runAll(
  benchWith: BenchWith,
  options: Options,
  print: (line: string) => void,
  interruption: AbortSignal,
): Promise<Outcome[]> {
  const left = await sweep(benchWith(AbortSignal.any([interruption, AbortSignal.timeout(sweepMs)])), options)
  if (left.length > 0) throw unavailable(`an earlier run left something that cannot be removed: ${left.join('; ')}`)
  for (const name of ['storage', 'bridge'] as const) {
    if (options[name] === undefined) print(`without --${name}: ${withoutIt[name]}`)
  }
  const outcomes: Outcome[] = []
  for (const each of cases) {
    const outcome = await runCase(each, benchWith, interruption)
    outcomes.push(outcome)
    print(caseLine(outcome))
  }
  return outcomes
}

const withoutIt = {
  storage: 'VMs have no disk; full clones, snapshots and ISO images are not tested',
  bridge: 'SDN edits are made and dropped again, never applied',
} as const

function exitCodeOf(outcomes: readonly Outcome[], { requests, replies }: Tally, left: readonly string[]): ExitCode {
  const wrong = requests.invalid.length + replies.unreadable.length + left.length
  if (wrong > 0 || outcomes.some(({ verdict }) => verdict === 'failed')) return exitCodes.fail
  return outcomes.some(({ verdict }) => verdict === 'undecided') ? exitCodes.unknown : exitCodes.pass
}

function targetOf({ url, node, tokenFile, fingerprint, caFile }: Options): Target {
  const trust = fingerprint === undefined ? (caFile === undefined ? {} : { caFile }) : { fingerprint }
  return { url, node, tokenFile, machines: {}, ...trust }
}

function rolesOf({ vms, pools, sdn, isos, snapshots, agent, privileges, cluster, ...machines }: ProxmoxVe): Roles {
  return { machines, vms, pools, sdn, isos, snapshots, agent, privileges, cluster }
}

const clock: Clock = {
  nowMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal })
  },
}

const unavailable = (message: string) => new HarnessError(message, { exitCode: exitCodes.unavailable })
