/** Provisions the five-machine lab on a fresh embedded hypervisor, n times: `npm run bench:provisioning -- 5`. Figures, no verdict. */
import { userInfo } from 'node:os'
import { startEmbeddedLab } from '../../src/commands/embedded-lab.ts'
import { chooseLab } from '../../src/commands/loading.ts'
import { materialFor, openSite } from '../../src/commands/provisioned-lab.ts'
import { randomSecrets } from '../../src/commands/secrets.ts'
import { readTarget } from '../../src/commands/target-file.ts'
import { startClock } from '../../src/engine/clock.ts'
import { provisionLab } from '../../src/engine/provisioning/provision-lab.ts'
import { scopeOf, teardownLab } from '../../src/engine/provisioning/teardown-lab.ts'
import { secretNames } from '../../src/plan/provisioning/material.ts'
import { placeOf } from '../../src/plan/provisioning/place.ts'
import { planProvisioning } from '../../src/plan/provisioning/plan.ts'
import { criticalPathMs } from './critical-path.ts'
import { timed } from './stopwatch.ts'

const within = AbortSignal.timeout(600_000)
const runs = Number(process.argv[2] ?? 5)
const { lab, labFile } = await chooseLab('opnsense-single-wan')

const figures: Figures[] = []
for (let run = 1; run <= runs; run += 1) {
  const one = await measure()
  figures.push(one)
  say(`run ${run}: ${text(one.totalMs)} s, critical path ${text(one.pathMs)} s, teardown ${text(one.teardownMs)} s`)
}
say(`total          ${spread(figures.map(({ totalMs }) => totalMs / 1000))} s (goal: below 10 s)`)
say(`critical path  ${spread(figures.map(({ pathMs }) => pathMs / 1000))} s`)
say(`total / path   ${spread(figures.map(({ totalMs, pathMs }) => totalMs / pathMs))} (goal: at most 1.2)`)
say(`teardown       ${spread(figures.map(({ teardownMs }) => teardownMs / 1000))} s`)

interface Figures {
  totalMs: number
  pathMs: number
  teardownMs: number
}

async function measure(): Promise<Figures> {
  const embedded = await startEmbeddedLab(labFile, [], 1)
  try {
    const target = await readTarget(embedded.targetFile)
    const material = await materialFor(target, randomSecrets(secretNames(lab)), lab)
    const beganMs = performance.now()
    const { site, hypervisor } = await openSite(lab, target, 0, startClock(), () => {})
    const plan = planProvisioning(lab, placeOf(target, 0, await hypervisor.cluster.release(within)), material)
    const names = Object.keys(lab.machines)
    const watched = timed(site, (vmid) => names[vmid - plan.place.firstVmid] ?? '')
    const owner = { owner: userInfo().username, pid: process.pid, since: new Date().toISOString() }
    await provisionLab(watched.site, plan, { owner, access: target.machines }, within)
    const standsMs = performance.now()
    const left = await teardownLab(site, scopeOf(plan))
    const goneMs = performance.now()
    await hypervisor.close()
    if (left.length > 0) throw new Error(`the teardown left ${left.join(', ')}`)
    const pathMs = criticalPathMs(watched.times, lab)
    return { totalMs: standsMs - beganMs, pathMs, teardownMs: goneMs - standsMs }
  } finally {
    await embedded.stop()
  }
}

/** `1.20 (1.10-1.31)`: median and range. */
function spread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)
  return `${(middle / 2).toFixed(2)} (${sorted[0]?.toFixed(2)}-${sorted.at(-1)?.toFixed(2)})`
}

function text(ms: number): string {
  return (ms / 1000).toFixed(2)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
