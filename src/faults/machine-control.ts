import { HarnessError, exitCodes } from '../model/failure.ts'
import type { MachineControl } from '../ports/hypervisor.ts'
import type { FaultTools } from './fault.ts'

/** One of a hypervisor's ways to treat a machine. Throws where it has not got it. */
export function control<Way extends keyof MachineControl>(tools: FaultTools, way: Way): MachineControl[Way] {
  const { hypervisor } = tools
  const found: Partial<MachineControl>[Way] = hypervisor[way]
  if (found !== undefined) return found
  throw new HarnessError(`expected a hypervisor that can ${way}, this one cannot`, { exitCode: exitCodes.unavailable })
}
