import { run } from '../system/run.ts'
import { type Command, type CommandResult, type Firewall, answer, refuse } from './command.ts'
import { type CarpLine, formatInterface, formatPfsync } from './ifconfig-text.ts'

const stateOf: Readonly<Record<string, 'BACKUP' | 'MASTER'>> = { backup: 'BACKUP', master: 'MASTER' }

/** Routes of interfaces that were taken down by hand: FreeBSD keeps them, Linux does not. */
const routesOf = new Map<string, string[]>()

/**
 * `ifconfig`, `ifconfig <nic>`, `ifconfig pfsync0 [syncdev <nic>]`, `ifconfig <nic> up|down`,
 * `ifconfig <nic> vhid <n> [state backup|master] [advskew <n>] [pass <password>]`.
 */
export const ifconfig: Command = (firewall, args) => {
  const [device, ...rest] = args
  if (device === undefined || device === '-a') return answer(showAll(firewall))
  if (device === '-l') return answer(`${allDevices(firewall).join(' ')}\n`)
  if (!allDevices(firewall).includes(device)) return refuse(`ifconfig: interface ${device} does not exist\n`)
  if (rest.length === 0) return answer(show(firewall, device))
  const [word = ''] = rest
  if (word === 'up' || word === 'down') return turn(firewall, device, word)
  if (device === 'pfsync0' && word === 'syncdev') return setSyncDevice(firewall, rest[1] ?? '')
  return word === 'vhid' ? change(firewall, device, rest) : refuse(`ifconfig: ${rest.join(' ')}: bad value\n`)
}

function showAll(firewall: Firewall): string {
  return allDevices(firewall)
    .map((each) => show(firewall, each))
    .join('')
}

function allDevices({ config, pfsync }: Firewall): string[] {
  return [...config.interfaces.map(({ device }) => device), ...(pfsync === undefined ? [] : ['pfsync0'])]
}

function show(firewall: Firewall, device: string): string {
  const { pfsync, interfaces } = firewall
  if (device === 'pfsync0' && pfsync !== undefined) {
    const { device: syncdev, peer: syncpeer, defer, version } = pfsync
    const mtu = interfaces.get(syncdev)?.mtu ?? 1500
    return formatPfsync({ syncdev, syncpeer, mtu, defer, version, ok: pfsync.isOk() })
  }
  const state = interfaces.get(device)
  return state === undefined ? '' : formatInterface(device, state, carpLines(firewall, device))
}

function carpLines({ speaker }: Firewall, device: string): CarpLine[] {
  return speaker.node.vhids
    .filter((vhid) => vhid.device === device)
    .map(({ vhid, state, advbase, advskew }) => {
      const { addresses = [], peers = {} } = speaker.configOf({ vhid, device }) ?? {}
      return { vhid, state, advbase, advskew, addresses, peers }
    })
}

// Not a cable pull: no link event follows, and the addresses and routes stay.
async function turn({ shell }: Firewall, device: string, word: 'up' | 'down'): Promise<CommandResult> {
  if (word === 'down') {
    const { output } = await run('ip', ['route', 'show', 'dev', device])
    const kept = output.split('\n').filter((line) => line !== '' && !line.includes('proto kernel'))
    if (kept.length > 0) routesOf.set(device, kept)
    await shell.run(`link set ${device} down`)
    return answer('')
  }
  const routes = routesOf.get(device) ?? []
  routesOf.delete(device)
  await shell.run(`link set ${device} up`, ...routes.map((route) => `route replace ${route} dev ${device}`))
  return answer('')
}

// Setting it asks the peer for all its states, also where it was set before.
function setSyncDevice({ pfsync }: Firewall, device: string): CommandResult {
  if (device !== pfsync?.device) return refuse(`ifconfig: unable to set sync device: ${device}\n`)
  pfsync.requestBulk()
  return answer('')
}

function change({ speaker }: Firewall, device: string, words: readonly string[]): CommandResult {
  const value = (name: string): string | undefined => words[words.indexOf(name) + 1 || words.length]
  const vhid = Number(value('vhid'))
  const [stateWord, skewWord] = [value('state'), value('advskew')]
  const state = stateOf[stateWord ?? '']
  const skew = Number(skewWord ?? 0)
  const config = speaker.configOf({ vhid, device })
  const password = value('pass')
  const isWrong = (stateWord !== undefined && state === undefined) || !(skew >= 0 && skew <= 254)
  if (config === undefined || isWrong || (state ?? skewWord ?? password) === undefined)
    return refuse(`ifconfig: ${words.join(' ')}: bad value\n`)
  if (password !== undefined) config.password = password
  if (skewWord !== undefined) speaker.apply({ kind: 'skew', device, vhid, advskew: skew })
  if (state !== undefined) speaker.apply({ kind: 'request', device, vhid, state })
  return answer('')
}
