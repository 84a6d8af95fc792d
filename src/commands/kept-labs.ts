import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import { nameSchema } from '../model/name.ts'
import { unknownName } from '../plan/nearest.ts'

/** Kept labs live where the machine forgets them on reboot, as the labs themselves do. */
const root = '/run/firedrill'

/** The folder of a kept lab. */
export const keptLabFolder = (name: string): string => join(root, nameSchema.parse(name))

/** The names of the kept labs of this machine. */
export const keptLabs = (): Promise<string[]> => readdir(root).catch(() => [])

/** Claims a name for a lab that is about to be kept; refuses one that is taken. */
export async function claimKeptLab(name: string): Promise<string> {
  const folder = keptLabFolder(name)
  await mkdir(root, { recursive: true, mode: 0o700 })
  await mkdir(folder, { mode: 0o700 }).catch((cause: unknown) => {
    throw new HarnessError(`expected a new lab name, got "${name}", which is in use (${reasonOf(cause)})`, {
      exitCode: exitCodes.usage,
      hint: `firedrill lab down ${name}, or choose another with --name`,
      cause,
    })
  })
  return folder
}

/** Notes the process and the target file of a kept lab. */
export async function noteKeptLab(name: string, lab: { pid: number; targetFile: string }): Promise<void> {
  await writeFile(join(keptLabFolder(name), 'lab.json'), JSON.stringify(lab), { mode: 0o600 })
}

/** The target file of a kept lab. */
export async function keptLabTarget(name: string): Promise<string> {
  return (await findKeptLab(name)).targetFile
}

/** The process and target file of a kept lab; exit 69 with the names there are when there is none of this name. */
export async function findKeptLab(name: string): Promise<{ pid: number; targetFile: string }> {
  const text = await readFile(join(keptLabFolder(name), 'lab.json'), 'utf8').catch(async (cause: unknown) => {
    throw new HarnessError(unknownName('a kept lab', name, await keptLabs()), {
      exitCode: exitCodes.unavailable,
      hint: 'firedrill lab up makes one',
      cause,
    })
  })
  const lab: unknown = JSON.parse(text)
  const { pid, targetFile } = Object(lab)
  return { pid: Number(pid), targetFile: String(targetFile) }
}

/** Forgets a kept lab. */
export const forgetKeptLab = (name: string): Promise<void> => rm(keptLabFolder(name), { recursive: true, force: true })
