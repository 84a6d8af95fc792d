import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, vi } from 'vitest'
import { z } from 'zod'
import { hostState, shippedLab, workplace } from './firedrill.fixture.ts'
import type { Workplace } from './firedrill.fixture.ts'

const sshSchema = z.object({ host: z.string(), port: z.number(), hostKey: z.string() })
const targetSchema = z.looseObject({
  url: z.string(),
  fingerprint: z.string(),
  node: z.string(),
  tokenFile: z.string(),
  sshKeyFile: z.string(),
  nodeSsh: sshSchema,
  machines: z.record(z.string(), z.looseObject({ ssh: sshSchema })),
})

/** A target file as the embedded hypervisor writes it. */
type WrittenTarget = z.output<typeof targetSchema>
type Parameters = Record<string, unknown>

/** An embedded hypervisor without VMs: a program of its own, asked as root, past the harness. */
interface EmptyHypervisor {
  targetFile: string
  target: WrittenTarget
  /** The data of a reply; throws where it is none with status 200. */
  call(method: string, path: string, parameters?: Parameters): Promise<unknown>
  /** Runs a command on the node, or on a machine by its name in the target file. */
  run(where: string, command: string): string
  /** All that a lab may change: VMs, pools, SDN, its lock, volumes, network devices. */
  state(): Promise<object>
  /** Writes a target file that differs in some fields; resolves to its path. */
  variant(name: string, changes: Parameters): string
  /** Ends it; throws where anything of it is left on this machine. */
  end(): Promise<void>
}

/** An empty hypervisor, a place to run firedrill from, and the hypervisor's state before anything was run. */
interface HypervisorSite {
  readonly hypervisor: EmptyHypervisor
  readonly place: Workplace
  readonly before: object
}

/** Makes one site for all tests of a file, the secret of the shipped lab known; nothing of it is left afterwards. */
export function useHypervisorSite(): HypervisorSite {
  const site: { [Part in keyof HypervisorSite]?: HypervisorSite[Part] } = {}
  beforeAll(async () => {
    vi.stubEnv('FIREDRILL_SECRET_CARP', 'correct-horse')
    const hypervisor = await startEmptyHypervisor()
    Object.assign(site, { place: workplace(), hypervisor, before: await hypervisor.state() })
  })
  afterAll(async () => {
    site.place?.remove()
    vi.unstubAllEnvs()
    await site.hypervisor?.end()
  })
  const made = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('the site is made before the first test')
    return part
  }
  return {
    get hypervisor() {
      return made(site.hypervisor)
    },
    get place() {
      return made(site.place)
    },
    get before() {
      return made(site.before)
    },
  }
}

/** Starts an embedded hypervisor with consoles for two instances of the shipped lab. It ends with the test process in any case. */
async function startEmptyHypervisor(): Promise<EmptyHypervisor> {
  const host = hostState()
  const folder = mkdtempSync(join(tmpdir(), 'firedrill-hypervisor-'))
  const program = join(import.meta.dirname, '..', '..', 'lab', 'embedded', 'main.ts')
  const shape = ['--topology', shippedLab, '--state', join(folder, 'state'), '--empty', '--instances', '2']
  const child = spawn(process.execPath, [program, ...shape], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const line = once(createInterface(child.stdout), 'line')
  const [printed] = z.tuple([z.string()]).parse(await Promise.race([line, exited, sleep(30_000, [], { ref: false })]))
  const target = targetSchema.parse(JSON.parse(readFileSync(printed, 'utf8')))
  const token = readFileSync(target.tokenFile, 'utf8').trim()
  const call: EmptyHypervisor['call'] = (method, path, parameters) => ask(target.url, token, method, path, parameters)
  const run: EmptyHypervisor['run'] = (where, command) => overSsh(folder, target, where, command)
  return {
    targetFile: printed,
    target,
    call,
    run,
    state: () => stateOf(call, run),
    variant(name, changes) {
      writeFileSync(join(folder, name), JSON.stringify({ ...target, ...changes }))
      return join(folder, name)
    },
    async end() {
      child.stdin.end()
      const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await exited)
      const files = readdirSync(folder).includes('state') ? readdirSync(join(folder, 'state')) : []
      rmSync(folder, { recursive: true, force: true })
      const clean = code === 0 && files.length === 0 && hostState() === host
      if (!clean) throw new Error(`the hypervisor left exit ${code}, files ${files.join(' ')}, ${hostState()}`)
    },
  }
}

async function ask(url: string, token: string, method: string, path: string, parameters?: Parameters) {
  const body = parameters === undefined ? '' : JSON.stringify(parameters)
  const type = body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const headers = { authorization: `PVEAPIToken=${token}`, ...type }
  const outgoing = request(`${url}/api2/json${path}`, { method, headers, rejectUnauthorized: false, agent: false })
  outgoing.end(body)
  const reply = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject)
  })
  let text = ''
  reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await once(reply, 'end')
  if (reply.statusCode !== 200) throw new Error(`${method} ${path}: ${reply.statusCode} ${reply.statusMessage} ${text}`)
  return z.object({ data: z.unknown() }).parse(JSON.parse(text)).data
}

async function stateOf(call: EmptyHypervisor['call'], run: EmptyHypervisor['run']): Promise<object> {
  const vms = z
    .array(z.looseObject({ vmid: z.number(), status: z.string() }))
    .parse(await call('GET', '/nodes/pve1/qemu'))
  const configured = vms.map(async ({ vmid, status }): Promise<[number, object]> => {
    return [vmid, { status, config: await call('GET', `/nodes/pve1/qemu/${vmid}/config`) }]
  })
  const lock = z.string().parse(await call('POST', '/cluster/sdn/lock', {}))
  await call('DELETE', `/cluster/sdn/lock?lock-token=${lock}`)
  return {
    vms: new Map(await Promise.all(configured)),
    pools: await call('GET', '/pools'),
    zones: await call('GET', '/cluster/sdn/zones?pending=1'),
    vnets: await call('GET', '/cluster/sdn/vnets?pending=1'),
    volumes: await call('GET', '/nodes/pve1/storage/local/content'),
    acl: await call('GET', '/access/acl'),
    devices: run('pve1', 'ip -o link')
      .split('\n')
      .map((text) => /^\d+: ([^@:]+)/.exec(text)?.[1] ?? '')
      .toSorted(),
  }
}

function overSsh(folder: string, target: WrittenTarget, where: string, command: string): string {
  const ssh = where === target.node ? target.nodeSsh : target.machines[where]?.ssh
  if (ssh === undefined) throw new Error(`no way to ${where}`)
  const known = join(folder, 'known-hosts')
  writeFileSync(known, `[${ssh.host}]:${ssh.port} ${ssh.hostKey}\n`)
  const options = [`UserKnownHostsFile=${known}`, 'BatchMode=yes', 'ConnectTimeout=10', 'LogLevel=ERROR']
  const given = [
    '-F',
    'none',
    '-i',
    target.sshKeyFile,
    '-p',
    String(ssh.port),
    ...options.flatMap((each) => ['-o', each]),
  ]
  return execFileSync('ssh', [...given, `root@${ssh.host}`, command], { encoding: 'utf8', timeout: 60_000 })
}
