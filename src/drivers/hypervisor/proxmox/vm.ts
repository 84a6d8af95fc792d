import { z } from 'zod'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import { optionalText, parseReply, wholeNumber } from './reply.ts'
import type { Request } from './request.ts'

/** What marks a VM as ours. */
const ourTag = 'firedrill'

const listSchema = z.array(z.object({ vmid: wholeNumber, name: optionalText, tags: optionalText }))

/** The machines that a connection may touch: those of one lab, by its name. */
export interface OwnMachines {
  name: string
  machines: readonly string[]
}

/** The VMID of a lab's machine: the one VM on the node named `<lab>-<machine>` and tagged `firedrill`. Anything else is refused. */
export async function resolveVm(
  request: Request,
  node: string,
  lab: OwnMachines,
  machine: string,
  signal: AbortSignal,
): Promise<number> {
  if (!lab.machines.includes(machine)) {
    throw refused(
      `expected a machine of lab ${lab.name}, came ${machine}`,
      `its machines are ${lab.machines.join(', ')}`,
    )
  }
  const name = `${lab.name}-${machine}`
  const path = `/nodes/${encodeURIComponent(node)}/qemu`
  const { data } = await request({ method: 'GET', path, signal })
  const named = parseReply(listSchema, `GET ${path}`, data).filter((vm) => vm.name === name)
  const [vm, other] = named
  if (vm === undefined)
    throw refused(
      `expected a VM named ${name} on node ${node}, came none`,
      'is the lab up, is `node` in the target file right?',
    )
  if (other !== undefined)
    throw refused(`expected one VM named ${name} on node ${node}, came ${named.length}`, 'rename or remove the other')
  if (!tagsOf(vm.tags).includes(ourTag)) {
    throw refused(
      `VM ${vm.vmid} (${name}) is not tagged ${ourTag} and is left alone`,
      'tag it if it may be powered off by drills',
    )
  }
  return vm.vmid
}

const tagsOf = (tags: string | undefined) => (tags ?? '').split(/[;, ]+/)

const refused = (message: string, hint: string) => new HarnessError(message, { exitCode: exitCodes.unavailable, hint })
