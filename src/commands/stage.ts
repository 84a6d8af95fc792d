import { dirname, join } from 'node:path'
import { attachLab } from '../engine/provisioning/attach-lab.ts'
import { startClock } from '../engine/clock.ts'
import type { Lab } from '../model/lab.ts'
import type { Plan } from '../model/plan.ts'
import type { Attachment, Target } from '../model/target.ts'
import { attachmentMistakes } from '../plan/provisioning/attachment.ts'
import { cleanSlateOf } from './clean-slate.ts'
import type { CleanSlate } from './clean-slate.ts'
import { startEmbeddedLab } from './embedded-lab.ts'
import type { EmbeddedLab } from './embedded-lab.ts'
import { keptLabTarget } from './kept-labs.ts'
import { lockLab } from './lab-lock.ts'
import type { LoadedScenario } from './loading.ts'
import { openSite, refuseMistakes, standUpLab } from './provisioned-lab.ts'
import type { ProvisioningWish } from './provisioned-lab.ts'
import { readTarget } from './target-file.ts'

/** Where a drill runs: a target file, a kept lab, or (neither) an embedded lab of its own, born with the defects named. */
export interface Place {
  target?: string | undefined
  lab?: string | undefined
  defect: string[]
  instance: number
  secrets?: string | undefined
  confirmCluster?: string | undefined
}

/** A lab that stands ready for drills. `label` is the name that the drivers know its machines by. */
export interface Stage {
  target: Target
  label: string
  /** Between several drills; null where the machines are not ours to bring back. */
  cleanSlate: CleanSlate | null
  /** Takes down what was made for the drill; resolves to what is left, one line each. */
  leave(): Promise<string[]>
}

type Progress = (text: string) => void

/** What is to take place on a stage: drills of one lab, one entry for each trial. */
type Programme = readonly [LoadedScenario, ...LoadedScenario[]]

/** Makes the lab of some drills, or enters one that stands. What cannot be had is refused before anything is created. */
export async function enterStage(
  programme: Programme,
  place: Place,
  progress: Progress,
  signal: AbortSignal,
): Promise<Stage> {
  const [{ plan, labFile }] = programme
  if (place.lab !== undefined) return await borrowed(plan, await readTarget(await keptLabTarget(place.lab)))
  const rollsBack = programme.length > 1
  if (place.target === undefined) return onEmbeddedLab({ lab: plan.lab, labFile, rollsBack }, place, progress, signal)
  const target = await readTarget(place.target)
  const { attach } = target
  if (attach !== undefined) return attached(programme, { ...target, attach }, place.confirmCluster, signal)
  const secrets = { file: place.secrets }
  const wish = { lab: plan.lab, target, instance: place.instance, secrets, kept: false, rollsBack }
  return standUp(wish, progress, signal)
}

/** Somebody else may want it, too. */
async function borrowed(plan: Plan, target: Target): Promise<Stage> {
  const label = plan.lab.lab
  const lock = await lockLab(target.url, label)
  return { target, label, cleanSlate: null, leave: () => lock.release().then(() => []) }
}

async function attached(
  programme: Programme,
  target: Target & { attach: Attachment },
  confirmed: string | undefined,
  signal: AbortSignal,
): Promise<Stage> {
  const [{ plan }] = programme
  const mistakes = programme.flatMap((each) => attachmentMistakes(each.plan, target, confirmed))
  refuseMistakes([...new Set(mistakes)])
  const { site, hypervisor } = await openSite(plan.lab, target, 0, startClock(), () => {})
  try {
    await attachLab(site, target.attach, signal)
  } finally {
    await hypervisor.close()
  }
  return await borrowed(plan, target)
}

async function standUp(wish: ProvisioningWish, progress: Progress, signal: AbortSignal): Promise<Stage> {
  const lab = await standUpLab(wish, startClock(), progress, signal)
  const { target, label, leave } = lab
  return { target, label, leave, cleanSlate: cleanSlateOf(wish, lab, progress) }
}

async function leaveBoth(stage: Stage, embedded: EmbeddedLab): Promise<string[]> {
  try {
    return await stage.leave()
  } finally {
    await embedded.stop()
  }
}

/** The embedded lab is a hypervisor like any other; the difference is that it ends with the drills. */
async function onEmbeddedLab(
  { lab, labFile, rollsBack }: { lab: Lab; labFile: string; rollsBack: boolean },
  place: Place,
  progress: Progress,
  signal: AbortSignal,
): Promise<Stage> {
  const embedded = await startEmbeddedLab(labFile, place.defect, place.instance + 1)
  try {
    const target = await readTarget(embedded.targetFile)
    // The lab removes this folder even where this process is killed.
    const folder = join(dirname(embedded.targetFile), 'private')
    const wish = { lab, target, folder, instance: place.instance, secrets: 'random', kept: false, rollsBack } as const
    const stage = await standUp(wish, progress, signal)
    return { ...stage, leave: () => leaveBoth(stage, embedded) }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}
