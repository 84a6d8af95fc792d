import { parseArgs } from 'node:util'
import type { Topology } from '../topologies/topology.ts'
import { defects } from '../appliance/config.ts'
import { startLab, type Lab, type LabOptions } from './lab.ts'
import { LabError } from './lab-error.ts'
import { checkRequirements } from './requirements.ts'
import { releases } from './release.ts'
import { readTopology } from './topology-file.ts'

const usage =
  'main.ts --topology FILE --state DIR [--defect MACHINE:NAME]... [--empty] [--instances N] [--nodes 1|2] [--release 8.4|9.1] [--detached]'

/**
 * The embedded lab as a program. The first line printed is the target file's path; the lab ends, and removes everything, when
 * stdin closes (unless --detached) or on SIGTERM, SIGINT, SIGHUP.
 */
async function main(): Promise<void> {
  const { topologyFile, state, defects: wanted, detached, nodes, ...shape } = readArguments()
  checkRequirements()
  const topology = readTopology(topologyFile)
  const ended = endOfLab(detached)
  const lab = await startLab({
    topology,
    state,
    defects: readDefects(wanted, topology),
    nodes: nodes ?? nodesOf(topology),
    ...shape,
  })
  process.on('uncaughtException', (error) => {
    report(error)
    void close(lab)
  })
  process.stdout.on('error', () => {})
  process.stdout.write(`${lab.targetFile}\n`)
  const end = await Promise.race([ended, lab.lost.then(() => 'lost')])
  await close(lab)
  if (end === 'lost') throw new LabError('the node of the lab was killed', 'start the lab again')
}

type Arguments = Pick<LabOptions, 'state' | 'isEmpty' | 'instances' | 'release'> & {
  nodes: LabOptions['nodes'] | undefined
  topologyFile: string
  defects: string[]
  detached: boolean
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        topology: { type: 'string' },
        state: { type: 'string' },
        defect: { type: 'string', multiple: true, default: [] },
        empty: { type: 'boolean', default: false },
        instances: { type: 'string', default: '1' },
        nodes: { type: 'string' },
        release: { type: 'string', default: '9.1' },
        detached: { type: 'boolean', default: false },
      },
    })
    const { topology, state, defect, detached, empty } = values
    if (topology === undefined || state === undefined) throw new Error('expected --topology and --state')
    const instances = Number(values.instances)
    const nodes = values.nodes === undefined ? undefined : Number(values.nodes)
    if (!Number.isInteger(instances) || instances < 1 || instances > 20) throw new Error('expected --instances 1 to 20')
    if (nodes !== 1 && nodes !== 2 && nodes !== undefined) throw new Error('expected --nodes 1 or 2')
    const release = releases.find((known) => known === values.release)
    if (release === undefined) throw new Error(`expected --release ${releases.join(' or ')}`)
    return { topologyFile: topology, state, defects: defect, detached, isEmpty: empty, instances, nodes, release }
  } catch (error) {
    throw new LabError(error instanceof Error ? error.message : String(error), usage, 64)
  }
}

/** As many nodes as the machines of a topology live on. */
const nodesOf = ({ machines }: Topology): 1 | 2 => (Object.values(machines).some(({ node }) => node === 2) ? 2 : 1)

// `pair` stands for both firewalls.
function readDefects(wanted: readonly string[], { machines, pair }: Topology): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const text of wanted) {
    const [whose = '', name = ''] = text.split(':')
    const names = whose === 'pair' && pair ? [pair.primary, pair.secondary] : [whose]
    for (const each of names) {
      const machine = machines[each]
      const known = Object.keys(machines).join(', ')
      if (!machine)
        throw new LabError(`expected --defect MACHINE:NAME with one of ${known} or pair, got ${text}`, usage, 64)
      const possible = /^(opnsense|pfsense)-/.test(machine.image) ? defects.map(String) : []
      if (!possible.includes(name)) {
        throw new LabError(`${each}: expected a defect of ${possible.join(', ') || 'nothing'}, got ${name}`, usage, 64)
      }
      found[each] = [...(found[each] ?? []), name]
    }
  }
  return found
}

function endOfLab(detached: boolean): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve())
    process.on('SIGINT', () => resolve())
    process.on('SIGHUP', () => detached || resolve())
    if (detached) return
    process.stdin
      .on('error', () => resolve())
      .on('close', () => resolve())
      .on('end', () => resolve())
      .resume()
  })
}

async function close(lab: Lab): Promise<void> {
  await lab.close()
  process.stdin.destroy()
}

function report(error: unknown): void {
  if (error instanceof LabError) {
    process.stderr.write(`firedrill lab: ${error.message}\n  hint: ${error.hint}\n`)
    process.exitCode = error.exitCode
  } else {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 70
  }
  process.stdin.destroy()
}

await main().catch(report)
