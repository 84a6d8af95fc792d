import { runPvesh } from './pvesh.ts'
import { runQm } from './qm.ts'

// `qm` and `pvesh` of a node's shell: they ask the node's REST server as root. Exit status 1 and one line where it refuses.
const [program, ...words] = process.argv.slice(2)
try {
  const output = await (program === 'qm' ? runQm(words) : runPvesh(words))
  process.stdout.write(output)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
