/** One pair of CARP speakers on a switch, in a network namespace made for it: prints milliseconds from kill to takeover. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const [dies = 'ours', takesOver = 'ours', count = '10'] = process.argv.slice(2)
const carpNode = join(import.meta.dirname, '../../../../lab/appliance/testing/carp-node.ts')
const patienceMs = 15_000
const children: ChildProcess[] = []

/** A speaker that can be killed and started again; `isMaster` is what it says of itself. */
type Speaker = { child: ChildProcess; isMaster: boolean }

run('mount -t sysfs sysfs /sys && ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up')
const first = await plug('one', '10.102.0.2')
const second = await plug('two', '10.102.0.9')
let master = start(first, dies, '10.102.0.2', 0)
await until(() => master.isMaster)
const backup = start(second, takesOver, '10.102.0.9', 100)
await sleep(2500)
for (let kill = 0; kill < Number(count); kill += 1) {
  await sleep(Math.random() * 1000)
  const killedAt = performance.now()
  master.child.kill('SIGKILL')
  await until(() => backup.isMaster)
  process.stdout.write(`${(performance.now() - killedAt).toFixed(1)}\n`)
  await sleep(300)
  master = start(first, dies, '10.102.0.2', 0)
  await until(() => master.isMaster && !backup.isMaster)
  await sleep(1500)
}
for (const child of children) child.kill('SIGKILL')

/** A namespace with vtnet1 in the switch; the process id that holds it. */
async function plug(name: string, address: string): Promise<number> {
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' })
  children.push(holder)
  const { pid } = holder
  if (pid === undefined) throw new Error('unshare does not start')
  await sleep(200)
  run(`ip link add ${name} master br0 type veth peer name vtnet1 netns ${pid} && ip link set ${name} up`)
  const inside = `ip addr add ${address}/24 dev vtnet1 && ip link set lo up && ip link set vtnet1 up && sysctl -qw net.ipv4.conf.all.arp_ignore=1`
  run(`nsenter -t ${pid} -n sh -c '${inside}'`)
  return pid
}

function start(holder: number, kind: string, address: string, skew: number): Speaker {
  const ours = [process.execPath, carpNode, address, String(skew)]
  const words = `-i vtnet1 -s ${address} -v 1 -p firedrill -a 10.102.0.1 -k ${skew} -b 1 -P -u /bin/true -d /bin/true`
  const program = kind === 'ours' ? ours : ['ucarp', ...words.split(' ')]
  const isolation = ['-t', String(holder), '-n', 'unshare', '--pid', '--fork', '--kill-child']
  const child = spawn('nsenter', [...isolation, ...program], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const speaker: Speaker = { child, isMaster: false }
  const hear = (line: string): void => {
    const state = /(?:-> |Switching to state: )(INIT|BACKUP|MASTER)/.exec(line)?.[1]
    if (state !== undefined) speaker.isMaster = state === 'MASTER'
  }
  createInterface(child.stdout).on('line', hear)
  createInterface(child.stderr).on('line', hear)
  return speaker
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('the pair does not settle')
    await sleep(1)
  }
}

function run(line: string): void {
  execFileSync('sh', ['-c', line])
}
