import { z } from 'zod'
import { exitCodes } from '../model/failure.ts'
import type { ExitCode } from '../model/failure.ts'
import { labSchema } from '../model/lab.ts'
import { scenarioSchema } from '../model/scenario.ts'
import { kinds } from './loading.ts'
import type { Terminal } from './terminal.ts'

/** `firedrill schema`: the JSON Schema of scenario or lab files, for editors. */
export function schema(of: 'scenario' | 'lab', terminal: Terminal): ExitCode {
  const described = of === 'lab' ? labSchema : scenarioSchema(kinds.faults, kinds.probes)
  terminal.print(JSON.stringify(z.toJSONSchema(described, { io: 'input', unrepresentable: 'any' }), null, 2))
  return exitCodes.pass
}
