/**
 * Split brain by lost advertisements, one way and both ways in turn: `npm run bench:split-brain -- 10 [LAB]`. Prints what the harness says
 * against the speakers' own stamps, and ends with 1 where an interval does not hold them or is wider than ± 150 ms.
 */
import { drillSplits } from '../../../src/commands/split-brain.fixture.ts'

const [count = '10', lab = 'opnsense-dual-vip'] = process.argv.slice(2)
const widestMs = 150
const ways = Array.from({ length: Number(count) }, (_, index) => (index % 2 === 0 ? 'one' : 'both'))

const { splits, leftovers } = await drillSplits(lab, ways, AbortSignal.timeout(Number(count) * 60_000 + 120_000))

say('step       dropped   truth ms   interval ms           half-width   truth in it')
for (const { step, ways: way, truthMs, measured } of splits) {
  const { low, high } = measured.interval ?? { low: Number.NaN, high: Number.NaN }
  const holds = low <= truthMs && truthMs <= high
  const half = (high - low) / 2
  const interval = `${low.toFixed(1)} to ${high.toFixed(1)}`
  say(
    `${step.padEnd(11)}${way.padEnd(10)}${truthMs.toFixed(1).padEnd(11)}${interval.padEnd(22)}${half.toFixed(1).padEnd(13)}${holds ? 'yes' : 'NO'}`,
  )
  if (!holds || !(half <= widestMs)) process.exitCode = 1
}
if (leftovers.length > 0) {
  say(`left: ${leftovers.join(', ')}`)
  process.exitCode = 1
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
