/** After a drill: writes the job's summary, an annotation where it is not green, and the output `verdict`. Reads CODE and FOLDERS (a line each). */
import { appendFileSync } from 'node:fs'
import { readDrills } from './reading.ts'
import { lineOf, summaryOf } from './summary.ts'

const { CODE: code = '', FOLDERS: folders = '', GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = process.env
const drills = readDrills(folders.split('\n').filter((folder) => folder !== ''))
const line = lineOf(code, drills)

console.log(code === '0' ? line : `::error title=The drill is not green::${line}`)
if (summary !== undefined) appendFileSync(summary, summaryOf(code, drills))
if (output !== undefined) appendFileSync(output, `verdict=${line}\n`)
