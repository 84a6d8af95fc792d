import { runServiceStatus } from '../hooks/service-status.ts'
import { nicJson, parseIfconfig } from '../web/ifconfig.ts'
import { type Command, type CommandResult, type Firewall, answer, refuse } from './command.ts'
import { ifconfig } from './ifconfig.ts'

type Action = (firewall: Firewall, rest: readonly string[]) => CommandResult | Promise<CommandResult>

/** The actions of configd that have to do with high availability; anything else it does not know. */
const actions: Readonly<Record<string, Action>> = {
  'interface show carp': showCarp,
  'interface carp_set_status': setStatus,
  'interface list ifconfig': listIfconfig,
  'interface update carp service_status': async (firewall) => answer(await runServiceStatus(firewall)),
  'filter list pfsync': listPfsync,
  'filter reload': async ({ control }) => {
    await control.filter.enable()
    return answer('OK\n')
  },
  'system ha_sync': ({ control }) => control.sync.push().then(({ ok }) => answer(ok ? 'OK\n' : 'Error\n')),
}

/** `configctl <action>` of OPNsense. */
export const configctl: Command = (firewall, args) => {
  if (firewall.control.flavour !== 'opnsense') return refuse('configctl: Command not found.\n', 127)
  const words = args.filter((arg) => !arg.startsWith('-'))
  const found = Object.keys(actions).find((name) => words.join(' ').startsWith(name))
  if (found === undefined) return answer('Action not found\n')
  return actions[found]?.(firewall, words.slice(found.split(' ').length)) ?? answer('Action not found\n')
}

function showCarp({ control }: Firewall): CommandResult {
  const { demotion, allow, maintenance, vips } = control.carp.status()
  const isTroubled = demotion !== 0 && !maintenance
  const trouble = vips.length === 0 ? 'Could not locate any defined CARP interfaces.' : problem
  const status = {
    demotion: String(demotion),
    allow: allow ? '1' : '0',
    maintenancemode: maintenance,
    status_msg: isTroubled || vips.length === 0 ? trouble : '',
  }
  return answer(`${JSON.stringify(status)}\n`)
}

const problem =
  'CARP has detected a problem and this unit has been demoted to BACKUP status.<br />Check link status on all interfaces with configured CARP VIPs.'

// The verb is a toggle here as it is over REST, and the answer is the same.
async function setStatus({ control: { carp } }: Firewall, [verb = '']: readonly string[]): Promise<CommandResult> {
  if (verb === 'maintenance') {
    const isLeaving = carp.status().maintenance
    await (isLeaving ? carp.leaveMaintenance() : carp.enterMaintenance())
    return answer(
      `${JSON.stringify({ status: 'ok', action: isLeaving ? 'leave_maintenance' : 'enter_maintenance' })}\n`,
    )
  }
  if (verb !== 'enable' && verb !== 'disable') return answer(JSON.stringify({ status: 'failed' }))
  await carp[verb]()
  return answer(`${JSON.stringify({ status: 'ok', action: verb })}\n`)
}

async function listIfconfig(firewall: Firewall): Promise<CommandResult> {
  const nics = parseIfconfig((await ifconfig(firewall, [])).output)
  return answer(`${JSON.stringify(Object.fromEntries(nics.map((nic) => [nic.device, nicJson(nic)])))}\n`)
}

async function listPfsync({ control, config }: Firewall): Promise<CommandResult> {
  const states = await control.filter.states()
  const creators = [...new Set(states.map(({ creator }) => creator))].filter((id) => id !== '00000000').sort()
  const nodes = creators.map((creatorid) => ({ creatorid, this: creatorid === config.hostId ? 1 : 0 }))
  return answer(`${JSON.stringify({ total: nodes.length, nodes })}\n`)
}
