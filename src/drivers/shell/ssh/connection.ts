import { readFile } from 'node:fs/promises'
import { NodeSSH } from 'node-ssh'
import type { Channel, Client, ServerHostKeyAlgorithm } from 'ssh2'
import { HarnessError, exitCodes, reasonOf } from '../../../model/failure.ts'
import type { SshAccess, Target } from '../../../model/target.ts'
import { parseHostKey } from './host-key.ts'

const connectTimeoutMs = 5000
const keepaliveMs = 2000
const keepaliveLosses = 3

/** An open connection to one machine. */
export interface Connection {
  readonly client: Client
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>
  close(): void
}

/** Opens a connection within 5 s, as long as the machine shows the host key that the target file pins. */
export async function connectTo(target: Target, machine: string): Promise<Connection> {
  const address = addressOf(target, machine)
  const config = await configOf(target, address, machine)
  const jump = address.via === 'node' ? await jumpOver(target) : null
  const ssh = new NodeSSH()
  try {
    const sock = jump === null ? {} : { sock: await through(jump, address) }
    await ssh.connect({ ...config, ...sock })
    return held(ssh, jump)
  } catch (thrown) {
    ssh.dispose()
    jump?.dispose()
    throw unreachable(machine, thrown)
  }
}

/** A connection to the hypervisor's node, which alone reaches the lab's management network. */
async function jumpOver(target: Target): Promise<NodeSSH> {
  if (target.nodeSsh === undefined) throw unreachable('the node', new Error('the target file has no nodeSsh'))
  const ssh = new NodeSSH()
  try {
    return await ssh.connect(await configOf(target, target.nodeSsh, 'the node'))
  } catch (thrown) {
    ssh.dispose()
    throw unreachable('the node', thrown)
  }
}

async function through(jump: NodeSSH, { host, port }: SshAccess): Promise<Channel> {
  return await jump.forwardOut('127.0.0.1', 0, host, port)
}

function held(ssh: NodeSSH, jump: NodeSSH | null): Connection {
  const client = ssh.connection
  if (client === null) throw new Error('closed at once')
  // Small writes wait up to 40 ms otherwise, which would blur the clock relation of a vantage machine.
  for (const each of [client, jump?.connection]) each?.setNoDelay(true)
  client.setMaxListeners(0) // each running command listens for its end
  const { promise, resolve } = Promise.withResolvers<void>()
  const gone = () => {
    ssh.dispose()
    jump?.dispose()
    resolve()
  }
  // A machine that dies behind the node ends the channel through it, which the node then keeps half open: no `close` ever comes.
  client.on('end', gone).on('close', gone).on('error', gone)
  return { client, closed: promise, close: gone }
}

function addressOf(target: Target, machine: string): SshAccess {
  const address = target.machines[machine]?.ssh
  if (address !== undefined) return address
  throw new HarnessError(
    `expected machine ${machine} in the target file, came ${Object.keys(target.machines).join(', ') || 'none'}`,
    {
      exitCode: exitCodes.unavailable,
      hint: 'add its ssh host, port and hostKey to `machines` in the target file',
    },
  )
}

async function configOf(target: Target, address: SshAccess, machine: string) {
  const hostKey = parseHostKey(address.hostKey, machine)
  return {
    host: address.host,
    port: address.port,
    username: address.user,
    privateKey: await privateKeyOf(target),
    readyTimeout: connectTimeoutMs,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: keepaliveLosses,
    // RSA host keys are offered under the names of their signatures.
    algorithms: { serverHostKey: hostKeyAlgorithms(hostKey.algorithm) },
    hostVerifier: (shown: Buffer) => shown.equals(hostKey.blob),
  }
}

const known: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
]

function hostKeyAlgorithms(type: string): ServerHostKeyAlgorithm[] {
  const same = known.filter((algorithm) => algorithm === type)
  return same.length > 0 ? same : ['rsa-sha2-512', 'rsa-sha2-256']
}

async function privateKeyOf(target: Target): Promise<string> {
  const path = target.sshKeyFile
  try {
    if (path === undefined) throw new Error('the target file has no sshKeyFile')
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new HarnessError(`cannot read the SSH key: ${reasonOf(cause)}`, {
      exitCode: exitCodes.unavailable,
      hint: 'set sshKeyFile in the target file to the private key that the machines accept',
      cause,
    })
  }
}

const unreachable = (machine: string, cause: unknown) =>
  new HarnessError(`cannot reach ${machine} by SSH: ${reasonOf(cause)}`, {
    exitCode: exitCodes.unavailable,
    hint: 'is it running, and do address, host key and sshKeyFile in the target file fit?',
    cause,
  })
