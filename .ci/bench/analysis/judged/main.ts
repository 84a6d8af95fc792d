/** Judges one recording and prints what it took. */
import { judgeRecording } from '../../../../src/commands/judgement.ts'

const began = performance.now()
const { headline, timeline, measurements } = await judgeRecording(process.argv[2] ?? '')
const { maxRSS } = process.resourceUsage()
const [outage] = measurements.filter(({ metric, step }) => metric === 'outage' && step === 'failover')
const drawn = timeline.streams[0]?.probes.length ?? 0
process.stdout.write(
  `judged in ${((performance.now() - began) / 1000).toFixed(1)} s, peak memory ${Math.round(maxRSS / 1024)} MB, ${drawn} probes kept for the drawing\n` +
    `failover: ${outage?.evidence ?? 'not measured'}\n${headline}\n`,
)
