import { type Command, type Firewall, answer, refuse } from './command.ts'
import { type CarpLine, formatInterface, formatPfsync } from './ifconfig-text.ts'

/** `ifconfig`, `ifconfig <nic>`, `ifconfig pfsync0`, `ifconfig <nic> vhid <n> state backup|master`. */
export const ifconfig: Command = (firewall, args) => {
  const [device, ...rest] = args
  if (device === undefined || device === '-a')
    return answer(
      allDevices(firewall)
        .map((each) => show(firewall, each))
        .join(''),
    )
  if (!allDevices(firewall).includes(device)) return refuse(`ifconfig: interface ${device} does not exist\n`)
  if (rest.length === 0) return answer(show(firewall, device))
  return force(firewall, device, rest)
}

function allDevices({ config, pfsync }: Firewall): string[] {
  return [...config.interfaces.map(({ device }) => device), ...(pfsync === undefined ? [] : ['pfsync0'])]
}

function show(firewall: Firewall, device: string): string {
  const { pfsync, interfaces } = firewall
  if (device === 'pfsync0' && pfsync !== undefined) {
    const mtu = interfaces.get(pfsync.device)?.mtu ?? 1500
    return formatPfsync({ syncdev: pfsync.device, syncpeer: pfsync.peer, mtu, ok: pfsync.isOk() })
  }
  const state = interfaces.get(device)
  return state === undefined ? '' : formatInterface(device, state, carpLines(firewall, device))
}

function carpLines({ speaker, config }: Firewall, device: string): CarpLine[] {
  return speaker.node.vhids
    .filter((vhid) => vhid.device === device)
    .map(({ vhid, state, advbase, advskew }) => {
      const addresses = config.vips
        .filter((vip) => vip.vhid === vhid && vip.device === device)
        .map((vip) => vip.address)
      return { vhid, state, advbase, advskew, addresses }
    })
}

function force({ speaker }: Firewall, device: string, args: readonly string[]) {
  const [word, vhid, stateWord, state] = args
  const wanted = { backup: 'BACKUP', master: 'MASTER' }[state ?? '']
  if (word !== 'vhid' || stateWord !== 'state' || (wanted !== 'BACKUP' && wanted !== 'MASTER')) {
    return refuse(`ifconfig: ${args.join(' ')}: bad value\n`)
  }
  speaker.apply({ kind: 'request', device, vhid: Number(vhid), state: wanted })
  return answer('')
}
