/** The part of the bench that runs in namespaces of its own: does what its order says and prints a row as a JSON line. */
import { layCable } from '../../accuracy/rig/cable.ts'
import { orderSchema } from '../rows.ts'
import { probeBeside } from './beside.ts'
import { holdSessions } from './sessions.ts'

process.stdin.on('end', () => process.exit(1)).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))

const order = orderSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
const cable = await layCable()
const row = order.part === 'sessions' ? await holdSessions(cable, order) : await probeBeside(cable, order)
process.stdout.write(`${JSON.stringify(row)}\n`, () => process.exit(0))
