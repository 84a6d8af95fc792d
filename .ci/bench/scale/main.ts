/**
 * Thousands of sessions in one agent, beside its probes: `npm run bench:scale -- --seed 1 --only g4,g5`. Ends with 1 where a goal is missed.
 */
import { optionsFrom } from '../accuracy/options.ts'
import { isAnyMissed } from '../accuracy/printing.ts'
import { measureBeside } from './beside.ts'
import { measureSessions } from './sessions.ts'

const options = optionsFrom(process.argv.slice(2), ['g4', 'g5'])
if (options.only.includes('g4')) await measureBeside(options)
if (options.only.includes('g5')) await measureSessions(options)
if (isAnyMissed()) process.exitCode = 1
