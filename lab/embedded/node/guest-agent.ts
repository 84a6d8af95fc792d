import { connect } from 'node:net'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the agent's programs lie: a folder of the node that every machine has at /opt/firedrill/agent. */
export const agentFolder = 'agent'

/** The file in the machine's /run whose presence is the agent's virtual serial port. */
export const agentPort = 'firedrill-agent'

/** Writes the agent's programs into the folder `disks` of a node. */
export async function writeAgent(disks: string): Promise<void> {
  const folder = join(disks, agentFolder)
  await mkdir(folder, { recursive: true })
  for (const [name, content] of Object.entries({ start, serve })) {
    await writeFile(join(folder, name), content)
    await chmod(join(folder, name), 0o755)
  }
}

/** One request to the agent in a machine, and its answer's lines as they come; `closed` when the agent hangs up. */
export type AgentCall = { firstLine: Promise<string>; closed: Promise<string[]>; abandon: () => void }

/** Sends a line to the agent of the machine with this first process. */
export function callAgent(pid: number, request: string): AgentCall {
  const socket = connect(`/proc/${pid}/root/run/agent.sock`)
  const first = Promise.withResolvers<string>()
  const closed = Promise.withResolvers<string[]>()
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    const end = text.indexOf('\n')
    if (end >= 0) first.resolve(text.slice(0, end))
  })
  const fail = (): void => first.reject(new Error('the agent hung up'))
  first.promise.catch(() => {})
  socket.on('error', fail)
  socket.on('close', () => {
    fail()
    closed.resolve(text.split('\n'))
  })
  socket.write(`${request}\n`)
  return { firstLine: first.promise, closed: closed.promise, abandon: () => socket.destroy() }
}

/** The request that runs a program: arguments and input travel in base64. */
export function execRequest(command: readonly string[], input: Uint8Array): string {
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  return `exec ${Buffer.from(quoted).toString('base64')} ${Buffer.from(input).toString('base64')}`
}

const start = `# serves the hypervisor's agent calls, if this machine has the agent's port
[ -e /run/${agentPort} ] || exit 0
exec socat UNIX-LISTEN:/run/agent.sock,fork,mode=600 EXEC:'sh /opt/firedrill/agent/serve'
`

const serve = `# one agent call: a line on standard input
read -r verb command input
case $verb in
ping) echo ok ;;
exec)
  eval "set -- $(printf %s "$command" | base64 -d)"
  command -v -- "$1" >/dev/null 2>&1 || { echo missing; exit 0; }
  folder=/run/agent-calls/$$
  mkdir -p "$folder"
  printf %s "$input" | base64 -d >"$folder/in"
  "$@" <"$folder/in" >"$folder/out" 2>"$folder/err" &
  echo "pid $!"
  wait $!
  echo "exit $?"
  head -c 16777216 "$folder/out" | base64 -w0
  echo
  head -c 16777216 "$folder/err" | base64 -w0
  echo
  rm -rf "$folder"
  ;;
*) echo unknown ;;
esac
`
