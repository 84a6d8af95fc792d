import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Target, targetSchema } from '../../../model/target.ts'
import { connectSsh } from './ssh-shell.ts'

const signal = new AbortController().signal
let folder: string
let port: number
let hostKey: string
let sshd: ChildProcess
let shell = connectSsh(targetOf({}))

function targetOf(ssh: { port?: number; hostKey?: string; via?: 'node' }, nodeHostKey = hostKey): Target {
  const address = { host: '127.0.0.1', port: port ?? 1, hostKey: hostKey ?? 'none', ...ssh }
  const machines = { client: { ssh: address } }
  const nodeSsh = { host: '127.0.0.1', port: port ?? 1, hostKey: nodeHostKey ?? 'none' }
  const sshKeyFile = join(folder ?? '', 'key')
  return targetSchema.parse({ url: 'https://127.0.0.1', node: 'n', sshKeyFile, nodeSsh, machines })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firedrill-test-'))
  for (const name of ['key', 'host', 'other']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name)])
  }
  hostKey = await readFile(join(folder, 'host.pub'), 'utf8')
  port = await freePort()
  await startSshd()
})

afterAll(async () => {
  sshd.kill()
  await rm(folder, { recursive: true })
})

afterEach(async () => await shell.close())

async function startSshd(): Promise<void> {
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'key.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
  ]
  await writeFile(join(folder, 'config'), config.join('\n'))
  // sshd wants its own folder below /run, which a mount namespace gives it.
  const script = `mount -t tmpfs none /run && mkdir /run/sshd && exec /usr/sbin/sshd -D -f ${join(folder, 'config')}`
  sshd = spawn('unshare', ['-m', 'sh', '-c', script], { stdio: 'ignore' })
  while (!(await isListening())) await new Promise((resolve) => setTimeout(resolve, 50))
}

const isListening = async () =>
  await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => resolve(socket.destroy() !== undefined)).once('error', () => resolve(false))
  })

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port: free } = addressOf(server.address())
  await new Promise((resolve) => server.close(resolve))
  return free
}

/** A relay that hands on what the server says in one piece per `gatherMs`. */
async function gatheringRelay(to: number, gatherMs: number) {
  const relay = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    const gathered: Buffer[] = []
    far.on('data', (chunk) => gathered.push(chunk))
    const timer = setInterval(() => gathered.length > 0 && near.write(Buffer.concat(gathered.splice(0))), gatherMs)
    near.pipe(far)
    far.once('close', () => near.destroy())
    near.once('close', () => clearInterval(timer)).on('error', () => far.destroy())
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  return { port: addressOf(relay.address()).port, [Symbol.asyncDispose]: async () => void relay.close() }
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port')
  return address
}

const client = (ssh: Parameters<typeof targetOf>[0] = {}) => (shell = connectSsh(targetOf(ssh)))

test('a command gets its input and gives its output, over one held connection', async () => {
  const { run } = client()
  const ports = await Promise.all([1, 2].map(() => run('client', 'echo "$SSH_CLIENT"', { signal })))
  expect(new Set(ports).size).toBe(1)
  expect(await run('client', 'cat', { signal, input: 'grüße\n' })).toBe('grüße\n')
})

test('a command that fails is an error with its exit code and the last line of what it complained', async () => {
  const failure = client().run('client', 'echo first >&2; echo second >&2; exit 3', { signal })
  await expect(failure).rejects.toMatchObject({
    message: 'client failed a command with exit code 3: second',
    exitCode: 69,
  })
})

test('a command whose whole answer comes in one packet is heard to its end', async () => {
  await using gathering = await gatheringRelay(port, 60)
  const { run } = client({ port: gathering.port })
  await run('client', 'true', { signal })
  const answers = await Promise.all([1, 2, 3, 4].map((each) => run('client', `echo ${each}`, { signal })))
  expect(answers).toEqual(['1\n', '2\n', '3\n', '4\n'])
})

test('a server with another host key gets no command', async () => {
  const other = await readFile(join(folder, 'other.pub'), 'utf8')
  await expect(client({ hostKey: other }).run('client', 'true', { signal })).rejects.toThrow(
    /^cannot reach client by SSH: /,
  )
})

test('a host key that is none, and a machine that is none, are told from each other', async () => {
  await expect(client({ hostKey: 'AAAA' }).run('client', 'true', { signal })).rejects.toThrow(
    'expected the SSH host key of client',
  )
  await expect(client().run('fw7', 'true', { signal })).rejects.toThrow(
    'expected machine fw7 in the target file, came client',
  )
})

test('where nobody listens, a command fails at once with one line', async () => {
  const startedAt = performance.now()
  await expect(client({ port: await freePort() }).run('client', 'true', { signal })).rejects.toThrow(
    'cannot reach client by SSH',
  )
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

test('an abort ends a running command with the reason of the abort', async () => {
  const abort = new AbortController()
  const running = client().run('client', 'sleep 60', { signal: abort.signal })
  setTimeout(() => abort.abort(new Error('enough')), 300)
  await expect(running).rejects.toThrow('enough')
})

test('a program started is talked to line by line, and its exit code comes last', async () => {
  const lines: string[] = []
  const program = await client().spawn('client', 'while read line; do echo "got $line"; done; exit 4', {
    signal,
    onLine: (line) => lines.push(line),
    onErrorLine: () => {},
  })
  program.write('one')
  program.write('two')
  program.end()
  expect(await program.ended).toBe(4)
  expect(lines).toEqual(['got one', 'got two'])
})

test('a connection that breaks ends what ran on it; the next command opens another', async () => {
  const { spawn: start, run } = client()
  const program = await start('client', 'exec sleep 60', { signal, onLine: () => {}, onErrorLine: () => {} })
  // The parent of the session's shell is the server's process for this connection.
  await run('client', 'kill -9 $PPID', { signal }).catch(() => {})
  expect(await program.ended).toBe(null)
  expect(await run('client', 'echo again', { signal })).toBe('again\n')
})

test('a machine behind the node is reached through it, and told from it by its own host key', async () => {
  shell = connectSsh(targetOf({ via: 'node' }))
  expect(await shell.run('client', 'echo through', { signal })).toBe('through\n')
  await shell.close()
  const otherKey = await readFile(join(folder, 'other.pub'), 'utf8')
  shell = connectSsh(targetOf({ via: 'node', hostKey: otherKey }))
  await expect(shell.run('client', 'true', { signal })).rejects.toThrow('cannot reach client')
  shell = connectSsh(targetOf({ via: 'node' }, otherKey))
  await expect(shell.run('client', 'true', { signal })).rejects.toThrow('cannot reach the node')
})
