import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lab } from '../../../src/model/lab.ts'
import type { Shell } from '../../../src/ports/shell.ts'
import { startProgram } from './programs.ts'
import { sizes, truthEveryMs } from './addresses.ts'
import type { Addresses } from './addresses.ts'
import { wireReader } from './wire.ts'
import type { Wire } from './wire.ts'

/** Where all of it takes place. `key`: the private key that the firewalls accept. */
export interface Site {
  shell: Shell
  lab: Lab
  addresses: Addresses
  key: string
}

/** What everybody else printed, and what passed the client's and the provider's network cards meanwhile. */
export interface Told {
  script: string
  ping: string
  fping: string
  client: Wire
  isp: Wire
}

/** Everybody but the harness, at work. `mark` tells the script what has happened; `end` waits for the script, then ends the others. */
export interface Bystanders {
  mark(name: 'begun' | 'healed'): Promise<void>
  end(): Promise<Told>
}

const folder = '/run/baseline'
/** A request of the kernel on its way into the file. */
const drainMs = 500

/** Starts the captures, a dense stream by which they know the truth, `ping`, `fping`, and the script, which then waits for the fault. */
export async function startBystanders(site: Site, isOwn: boolean, signal: AbortSignal): Promise<Bystanders> {
  const { shell, addresses } = site
  await bring(site, signal)
  const captures = await Promise.all([capture(shell, 'client', signal), capture(shell, 'isp', signal)])
  const start = (command: string) => startProgram(shell, 'client', command, signal)
  const { outside, vip, primary, secondary } = addresses
  const truth = await start(`fping -l -q -i 0 -p ${truthEveryMs} -t 2000 -b ${sizes.truth} ${outside} ${vip}`)
  const ping = await start(`ping -s ${sizes.ping} ${outside}`)
  const fping = await start(`fping -l -q -o -p 200 -b ${sizes.fping} ${outside}`)
  const settings = `KEY=${folder}/key MARKS=${folder} OWN=${isOwn ? 'yes' : ''}`
  const script = await start(
    `env ${settings} bash ${folder}/procedure.sh ${vip} ${primary} ${secondary} ${outside} ${folder}/log`,
  )
  const ready = `for i in $(seq 300); do grep -q 'Phase 3' ${folder}/log && exit; sleep 0.1; done; exit 1`
  await shell.run('client', ready, { signal })
  return {
    mark: async (name) => void (await shell.run('client', `touch ${folder}/${name}`, { signal })),
    async end() {
      await script.ended
      const printed = { ping: await ping.end(), fping: await fping.end() }
      await truth.end()
      await new Promise((resolve) => setTimeout(resolve, drainMs))
      const [client, isp] = [await captures[0].end(), await captures[1].end()]
      const log = await shell.run('client', `cat ${folder}/log; rm -rf ${folder}`, { signal })
      return { script: log, ...printed, client, isp }
    },
  }
}

async function bring({ shell, key }: Site, signal: AbortSignal): Promise<void> {
  const procedure = await readFile(join(import.meta.dirname, 'procedure.sh'), 'utf8')
  await shell.run('client', `rm -rf ${folder} && mkdir -m 700 ${folder} && cat > ${folder}/procedure.sh`, {
    signal,
    input: procedure,
  })
  await shell.run('client', `umask 077 && cat > ${folder}/key`, { signal, input: key })
}

/**
 * Of the card that is the machine's first: the client's towards the firewalls, and the provider's towards them. Kept there and read at the end,
 * so that it costs little while everybody measures.
 */
async function capture(shell: Shell, machine: string, signal: AbortSignal): Promise<{ end(): Promise<Wire> }> {
  const file = `/run/baseline-${machine}.pcap`
  const what = "'icmp or udp port 7 or ip proto 112'"
  const command = `tcpdump -i eth0 -n -p -U -B 16384 -s 160 --time-stamp-precision=nano -w ${file} ${what}`
  const running = await startProgram(shell, machine, command, signal)
  return {
    async end() {
      const said = await running.end()
      if (!/^0 packets dropped by kernel/m.test(said)) throw new Error(`tcpdump at ${machine} lost packets: ${said}`)
      const { push, wire } = wireReader()
      const reading = await startProgram(shell, machine, `cat ${file}`, signal, push)
      await reading.ended
      await shell.run(machine, `rm -f ${file}`, { signal })
      return wire
    },
  }
}
