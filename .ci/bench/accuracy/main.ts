/**
 * Our figures against the wire's truth, and against other tools: `npm run bench:accuracy -- --cuts 200 --seed 1 --only g1,g2,g3`.
 * Ends with 1 where a goal is missed.
 */
import { measureCarrierLoss } from './carrier.ts'
import { measureCuts } from './cuts.ts'
import { optionsFrom } from './options.ts'
import { measurePaces } from './paces.ts'
import { isAnyMissed } from './printing.ts'
import { compareTools } from './tools.ts'

const options = optionsFrom(process.argv.slice(2), ['g1', 'g2', 'g3'])
if (options.only.includes('g1')) await measureCuts(options)
if (options.only.includes('g1')) await compareTools(options)
if (options.only.includes('g2')) await measureCarrierLoss(options)
if (options.only.includes('g3')) await measurePaces({ ...options, rounds: 3 })
if (isAnyMissed()) process.exitCode = 1
