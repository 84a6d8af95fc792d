import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { unknownName } from '../plan/nearest.ts'
import { findKeptLab, keptLabFolder, onlyKeptLab } from './kept-labs.ts'
import { readTarget } from './target-file.ts'

/** `firedrill lab shell`: an interactive SSH session on one machine of a kept lab, over its management path. */
export async function shell(machine: string, given: string | undefined): Promise<ExitCode> {
  const name = given ?? (await onlyKeptLab())
  const { targetFile } = await findKeptLab(name)
  const { machines, sshKeyFile } = await readTarget(targetFile)
  const ssh = Object.hasOwn(machines, machine) ? machines[machine]?.ssh : undefined
  if (ssh === undefined) {
    const message = unknownName('a machine of the lab', machine, Object.keys(machines))
    throw new HarnessError(message, { exitCode: exitCodes.usage })
  }
  const knownHosts = join(keptLabFolder(name), `known_hosts_${machine}`)
  await writeFile(knownHosts, `[${ssh.host}]:${ssh.port} ${ssh.hostKey}\n`)
  const key = sshKeyFile === undefined ? [] : ['-i', sshKeyFile]
  const where = ['-p', String(ssh.port), '-o', `UserKnownHostsFile=${knownHosts}`, `${ssh.user}@${ssh.host}`]
  await once(spawn('ssh', [...key, ...where], { stdio: 'inherit' }), 'close')
  return exitCodes.pass
}
