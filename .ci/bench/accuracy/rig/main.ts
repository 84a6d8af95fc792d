/** The part of the bench that runs in namespaces of its own: does what its order says and prints rows as JSON lines. */
import { type Cable, layCable } from './cable.ts'
import { loseCarrier } from './carrier-cuts.ts'
import { playCuts } from './exact-cuts.ts'
import { orderSchema } from './order.ts'
import { pacesOf } from './paces.ts'
import { playForTools } from './tool-cuts.ts'

process.stdin.on('end', () => process.exit(1)).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1))

const rows = await obey(await layCable())
process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), () => process.exit(0))

async function obey(cable: Cable): Promise<object[]> {
  const order = orderSchema.parse(JSON.parse(process.argv[2] ?? '{}'))
  if (order.part === 'tools') return await playForTools(cable, order)
  if (order.part === 'cuts') return await playCuts(cable, order)
  return order.part === 'carrier' ? await loseCarrier(cable, order) : await pacesOf(cable, order)
}
