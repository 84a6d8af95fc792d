/** Boots every lab on an embedded hypervisor, n times: `npm run bench:labs -- 3 [LAB]...`. Figures, no verdict. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bootLab } from '../../../src/commands/lab-boot.fixture.ts'

const [runs = '1', ...chosen] = process.argv.slice(2)
const folder = join(import.meta.dirname, '../../../lab/topologies')
const shipped = readdirSync(folder).flatMap((name) => (name.endsWith('.yaml') ? [name.replace('.yaml', '')] : []))

say(
  'lab                     hypervisor up   machines answer   pair settled   taken down   (s from the start; median of the runs)',
)
for (const name of chosen.length > 0 ? chosen : shipped) {
  try {
    say(name.padEnd(24) + (await figuresOf(name)))
  } catch (error) {
    say(name.padEnd(24) + (error instanceof Error ? error.message : String(error)))
    process.exitCode = 1
  }
}

async function figuresOf(name: string): Promise<string> {
  const figures: number[][] = []
  for (let run = 0; run < Number(runs); run += 1) figures.push(await measure(name))
  const median = [0, 1, 2, 3].map((column) => middle(figures.map((row) => row[column] ?? Number.NaN)))
  return median.map((ms) => (ms / 1000).toFixed(2).padEnd(16)).join('')
}

async function measure(name: string): Promise<number[]> {
  const lab = await bootLab(name)
  const beganMs = performance.now()
  const left = await lab.leave()
  if (left.length > 0) throw new Error(`${name} left ${left.join(', ')}`)
  return [lab.hypervisorMs, lab.standsMs, lab.settledMs, performance.now() - beganMs]
}

function middle(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
