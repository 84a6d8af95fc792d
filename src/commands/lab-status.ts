import { join } from 'node:path'
import { startClock } from '../engine/clock.ts'
import { exitCodes, reasonOf } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { pairOf } from '../plan/lab-file.ts'
import { connect, imagesOf } from './connection.ts'
import type { Connection } from './connection.ts'
import { findKeptLab, isAlive, keptLabFolder, keptLabs } from './kept-labs.ts'
import { chooseLab } from './loading.ts'
import { readTarget } from './target-file.ts'
import type { Terminal } from './terminal.ts'

/** `firedrill lab status`: what each machine of a kept lab, or of all of them, is doing. */
export async function status(given: string | undefined, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const names = given === undefined ? await keptLabs() : [given]
  if (names.length === 0) terminal.print('no lab is kept; firedrill lab up makes one')
  for (const name of names) await printStatus(name, terminal, signal)
  return exitCodes.pass
}

async function printStatus(name: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { targetFile, pid } = await findKeptLab(name)
  if (!(await isAlive(pid, name))) {
    terminal.print(`${name}: its process is gone; firedrill lab down ${name} clears what is left`)
    return
  }
  const { lab } = await chooseLab(join(keptLabFolder(name), 'topology.yaml'))
  const target = await readTarget(targetFile)
  const machines = Object.keys(lab.machines)
  const connection = await connect(target, { name: lab.lab, machines, images: imagesOf(lab) }, startClock())
  terminal.print(`${name}: ${target.url}, target file ${targetFile}`)
  try {
    for (const machine of machines) {
      terminal.print(`  ${machine}: ${await describe(machine, pairOf(lab).includes(machine), connection, signal)}`)
    }
  } finally {
    await connection.close()
  }
}

async function describe(
  machine: string,
  isFirewall: boolean,
  { hypervisor, haReader }: Connection,
  signal: AbortSignal,
): Promise<string> {
  const power = await hypervisor.powerState(machine, signal)
  if (power === 'stopped' || !isFirewall) return power
  const roles = await haReader
    .read(machine, signal)
    .then(
      ({ vhids, demotion }) =>
        `${vhids.map(({ vhid, state }) => `VHID ${vhid} ${state}`).join(', ')}, demotion ${demotion}`,
      reasonOf,
    )
  return `${power}, ${roles}`
}
