import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, imagesOf } from '../../../src/commands/connection.ts'
import { loadScenarios } from '../../../src/commands/loading.ts'
import type { LoadedScenario } from '../../../src/commands/loading.ts'
import { enterStage } from '../../../src/commands/stage.ts'
import type { Stage } from '../../../src/commands/stage.ts'
import { startClock } from '../../../src/engine/clock.ts'
import { untilSettled } from '../../matrix/trial.ts'
import { addressesIn } from './addresses.ts'
import type { Site } from './bystanders.ts'

/** A lab that stands, and a connection to its machines beside that of the drills. */
export interface Ground {
  stage: Stage
  site: Site
  /** Resolves when the pair is settled. */
  settled(): Promise<void>
}

/** Does something on a lab of its own, which is gone afterwards. Resolves to what is left of it. */
export async function onGround(
  scenario: string,
  signal: AbortSignal,
  work: (ground: Ground) => Promise<void>,
): Promise<string[]> {
  const loaded = await loadDrill(scenario)
  const { lab } = loaded.plan
  const stage = await enterStage([loaded], { defect: [], instance: 0 }, () => {}, signal)
  try {
    const own = { name: stage.label, machines: Object.keys(lab.machines), images: imagesOf(lab) }
    const clock = startClock()
    const connection = await connect(stage.target, own, clock)
    try {
      const key = await readFile(stage.target.sshKeyFile ?? '', 'utf8')
      const settled = async () => {
        if ((await untilSettled({ connection, lab, clock })) === null) throw new Error('the pair does not settle')
      }
      await work({ stage, site: { shell: connection.shell, lab, addresses: addressesIn(lab), key }, settled })
    } finally {
      await connection.close()
    }
  } catch (error) {
    await stage.leave()
    throw error
  }
  return await stage.leave()
}

/** Parses a scenario. */
export async function loadDrill(scenario: string): Promise<LoadedScenario> {
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-baseline-'))
  try {
    await writeFile(join(folder, 'drill.yaml'), scenario)
    const [loaded] = await loadScenarios([join(folder, 'drill.yaml')])
    if (loaded === undefined) throw new Error('no scenario was loaded')
    return loaded
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
