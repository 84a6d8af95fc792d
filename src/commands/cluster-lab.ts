import { readFile } from 'node:fs/promises'
import { startClock } from '../engine/clock.ts'
import { splitLabel } from '../engine/provisioning/label.ts'
import { findOrphans } from '../engine/provisioning/orphans.ts'
import type { Liveness, Orphan } from '../engine/provisioning/orphans.ts'
import { ownerText } from '../engine/provisioning/owner.ts'
import type { LabOwner } from '../engine/provisioning/owner.ts'
import { teardownLab } from '../engine/provisioning/teardown-lab.ts'
import type { TeardownScope, TeardownSite } from '../engine/provisioning/teardown-lab.ts'
import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import type { Target } from '../model/target.ts'
import { labelOf } from '../plan/provisioning/names.ts'
import { placeOf } from '../plan/provisioning/place.ts'
import { chooseLab } from './loading.ts'
import { openSite, ownerName, standUpLab } from './provisioned-lab.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** Where a lab of a cluster is, and which instance of it is meant. */
export interface ClusterPlace {
  target: string
  instance: number
}

/** `firedrill lab up --target`: provisions a lab on a cluster and keeps it. */
export async function upOnCluster(
  file: string,
  { target: targetFile, instance, secrets }: ClusterPlace & { secrets?: string | undefined },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { lab } = await chooseLab(file)
  const target = await readTarget(targetFile)
  const wish = { lab, target, instance, secrets: { file: secrets }, kept: true }
  const { label, machines } = await standUpLab(wish, startClock(), terminal.progress, signal)
  terminal.print(`lab ${label} is up`)
  for (const [machine, { ssh }] of Object.entries(machines)) {
    terminal.print(`  ${machine}: ${ssh.user}@${ssh.host}, port ${ssh.port}`)
  }
  terminal.print(`  end it: firedrill lab down ${label} --target ${targetFile}`)
  return exitCodes.pass
}

/** `firedrill lab down NAME --target`: removes everything of a provisioned lab, found by its name alone. */
export async function downOnCluster(
  name: string,
  { target: targetFile, instance }: ClusterPlace,
  terminal: Terminal,
): Promise<ExitCode> {
  const target = await readTarget(targetFile)
  const label = instance === 0 ? name : labelOf(name, instance)
  return withSite(target, terminal, async (site) => {
    const left = await teardownLab(site, scopeFor(target, label))
    return report(label, left, terminal)
  })
}

/** `firedrill lab down --orphans`: removes what lost runs left; labs whose owner nobody here can judge are only named. */
export async function sweepOrphans(targetFile: string, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const target = await readTarget(targetFile)
  return withSite(target, terminal, async (site) => {
    const { firstVmid } = placeOf(target, 0, { major: 0, minor: 0 })
    const orphans = await findOrphans(site, firstVmid, livenessOf, signal)
    if (orphans.length === 0) terminal.print('no lab without an owner')
    const codes: ExitCode[] = []
    for (const orphan of orphans) {
      if (orphan.liveness === 'unknown') terminal.print(unjudged(orphan))
      else codes.push(report(orphan.label, await teardownLab(site, scopeFor(target, orphan.label)), terminal))
    }
    return codes.find((code) => code !== exitCodes.pass) ?? exitCodes.pass
  })
}

async function withSite(
  target: Target,
  terminal: Terminal,
  job: (site: TeardownSite) => Promise<ExitCode>,
): Promise<ExitCode> {
  const nothing = { lab: 'none', machines: {} }
  const { site, hypervisor } = await openSite(nothing, target, 0, startClock(), terminal.progress)
  try {
    return await job(site)
  } finally {
    await hypervisor.close()
  }
}

function scopeFor(target: Target, label: string): TeardownScope {
  const { instance } = splitLabel(label)
  const { firstVmid, isoStorage } = placeOf(target, instance, { major: 0, minor: 0 })
  return { label, instance, firstVmid, isoStorage, breakLock: true }
}

function report(label: string, left: string[], terminal: Terminal): ExitCode {
  for (const line of left) terminal.complain(`left of lab ${label}: ${line}`)
  if (left.length === 0) terminal.print(`lab ${label} is down`)
  return left.length === 0 ? exitCodes.pass : exitCodes.leftToUndo
}

function unjudged({ label, owner }: Orphan): string {
  const who = ownerText(owner === null ? '' : JSON.stringify(owner))
  return `lab ${label} was made by ${who}: not judged from here; firedrill lab down ${label} removes it`
}

/** A process of this user on this machine can be looked at; any other owner cannot be judged. */
async function livenessOf({ owner, pid }: LabOwner): Promise<Liveness> {
  if (owner !== ownerName()) return 'unknown'
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return /firedrill|cli\.[jt]s/.test(commandLine) ? 'alive' : 'dead'
}
