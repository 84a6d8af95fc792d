/** The part of the bench that runs in namespaces of its own: does what its order says and prints rows as JSON lines. */
import { layCable } from './cable.ts'
import { orderSchema } from './order.ts'
import { playCuts } from './exact-cuts.ts'

process.stdin.on('end', () => process.exit(1)).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
const cable = await layCable()
const rows = await playCuts(cable, order)
for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
process.exit(0)
