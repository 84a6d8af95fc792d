import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { HarnessError, exitCodes, reasonOf } from '../model/failure.ts'
import { nameSchema } from '../model/name.ts'
import type { Target } from '../model/target.ts'
import { unknownName } from '../plan/nearest.ts'

/** Kept labs live where the machine forgets them on reboot, as the labs themselves do. */
const root = '/run/firedrill'

const keptLabSchema = z.object({ pid: z.int().min(1), targetFile: z.string() })
type KeptLab = z.output<typeof keptLabSchema>

/** The folder of a kept lab. */
export const keptLabFolder = (name: string): string => join(root, checkedName(name))

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
export async function noteKeptLab(name: string, lab: KeptLab): Promise<void> {
  await writeFile(join(keptLabFolder(name), 'lab.json'), JSON.stringify(lab), { mode: 0o600 })
}

/** Writes the target file by which a kept lab is reached from now on. */
export async function keepTarget(name: string, target: Target): Promise<void> {
  const targetFile = join(keptLabFolder(name), 'reached.json')
  await writeFile(targetFile, JSON.stringify(target, null, 2), { mode: 0o600 })
  await noteKeptLab(name, { ...(await findKeptLab(name)), targetFile })
}

/** The target file of a kept lab. */
export async function keptLabTarget(name: string): Promise<string> {
  return (await findKeptLab(name)).targetFile
}

/** The process and target file of a kept lab; exit 69 with the names there are when there is none of this name. */
export async function findKeptLab(name: string): Promise<KeptLab> {
  const text = await readFile(join(keptLabFolder(name), 'lab.json'), 'utf8').catch(async (cause: unknown) => {
    throw new HarnessError(unknownName('a kept lab', name, await keptLabs()), {
      exitCode: exitCodes.unavailable,
      hint: 'firedrill lab up makes one',
      cause,
    })
  })
  return keptLabSchema.parse(JSON.parse(text))
}

/** The one kept lab, where there is exactly one and so no name is needed. */
export async function onlyKeptLab(): Promise<string> {
  const names = await keptLabs()
  const [only] = names
  if (only !== undefined && names.length === 1) return only
  const found = names.length === 0 ? 'is none' : `are ${names.join(', ')}`
  throw new HarnessError(`expected the name of a kept lab; there ${found}`, {
    exitCode: exitCodes.usage,
    hint: 'firedrill lab up makes one',
  })
}

/** Whether a process is the lab of this name, and not another one that got its number since. */
export async function isAlive(pid: number, name: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const words = commandLine.split('\0')
  return words.some((word) => word.endsWith('main.ts')) && words.includes(keptLabFolder(name))
}

/** Forgets a kept lab. */
export const forgetKeptLab = (name: string): Promise<void> => rm(keptLabFolder(name), { recursive: true, force: true })

function checkedName(name: string): string {
  const parsed = nameSchema.safeParse(name)
  if (parsed.success) return parsed.data
  throw new HarnessError(`expected the name of a kept lab, got "${name}"`, { exitCode: exitCodes.usage })
}
