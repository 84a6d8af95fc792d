import { attachLab } from '../engine/provisioning/attach-lab.ts'
import { startClock } from '../engine/clock.ts'
import type { Plan } from '../model/plan.ts'
import type { Attachment, Target } from '../model/target.ts'
import { attachmentMistakes } from '../plan/provisioning/attachment.ts'
import { startEmbeddedLab } from './embedded-lab.ts'
import type { EmbeddedLab } from './embedded-lab.ts'
import { keptLabTarget } from './kept-labs.ts'
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

/** A lab that stands ready for a drill. `label` is the name that the drivers know its machines by. */
export interface Stage {
  target: Target
  label: string
  /** Takes down what was made for the drill; resolves to what is left, one line each. */
  leave(): Promise<string[]>
}

type Progress = (text: string) => void

/** Makes the lab of a scenario, or enters one that stands. What cannot be had is refused before anything is created. */
export async function enterStage(
  { plan, labFile }: LoadedScenario,
  place: Place,
  progress: Progress,
  signal: AbortSignal,
): Promise<Stage> {
  if (place.lab !== undefined) return borrowed(plan, await readTarget(await keptLabTarget(place.lab)))
  if (place.target === undefined) return onEmbeddedLab(plan, labFile, place, progress, signal)
  const target = await readTarget(place.target)
  const { attach } = target
  if (attach !== undefined) return attached(plan, { ...target, attach }, place.confirmCluster, signal)
  const secrets = { file: place.secrets }
  return standUp({ lab: plan.lab, target, instance: place.instance, secrets, kept: false }, progress, signal)
}

function borrowed(plan: Plan, target: Target): Stage {
  return { target, label: plan.lab.lab, leave: () => Promise.resolve([]) }
}

async function attached(
  plan: Plan,
  target: Target & { attach: Attachment },
  confirmed: string | undefined,
  signal: AbortSignal,
): Promise<Stage> {
  refuseMistakes(attachmentMistakes(plan, target, confirmed))
  const { site, hypervisor } = await openSite(plan.lab, target, 0, startClock(), () => {})
  try {
    await attachLab(site, target.attach, signal)
  } finally {
    await hypervisor.close()
  }
  return borrowed(plan, target)
}

async function standUp(wish: ProvisioningWish, progress: Progress, signal: AbortSignal): Promise<Stage> {
  const { target, label, leave } = await standUpLab(wish, startClock(), progress, signal)
  return { target, label, leave }
}

async function leaveBoth(stage: Stage, embedded: EmbeddedLab): Promise<string[]> {
  try {
    return await stage.leave()
  } finally {
    await embedded.stop()
  }
}

/** The embedded lab is a hypervisor like any other; the difference is that it ends with the drill. */
async function onEmbeddedLab(
  { lab }: Plan,
  labFile: string,
  place: Place,
  progress: Progress,
  signal: AbortSignal,
): Promise<Stage> {
  const embedded = await startEmbeddedLab(labFile, place.defect, place.instance + 1)
  try {
    const target = await readTarget(embedded.targetFile)
    const wish = { lab, target, instance: place.instance, secrets: 'random', kept: false } as const
    const stage = await standUp(wish, progress, signal)
    return { ...stage, leave: () => leaveBoth(stage, embedded) }
  } catch (error) {
    await embedded.stop()
    throw error
  }
}
