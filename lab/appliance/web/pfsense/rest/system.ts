import type { JsonObject } from '../../exchange.ts'
import { textOf } from '../../form.ts'
import { type NicAddress, parseIfconfig } from '../../ifconfig.ts'
import { requiredText, type RestCall, type RestRoutes } from './endpoint.ts'
import { versionOf } from '../release.ts'

/** The machine: version, interfaces, log, a shell, and its end. */
export const systemRoutes: RestRoutes = {
  '/system/version': { GET: systemVersion },
  '/status/system': { GET: systemStatus },
  '/status/interfaces': { GET: interfaces },
  '/status/logs/system': { GET: systemLog },
  '/diagnostics/command_prompt': { POST: command },
  '/diagnostics/reboot': { POST: (call) => end(call, 'reboot') },
  '/diagnostics/halt_system': { POST: (call) => end(call, 'halt') },
}

// The answer is on its way before the machine goes.
const goodbyeMs = 300

function end({ firewall, fields }: RestCall, how: 'reboot' | 'halt'): JsonObject {
  const isDry = fields['dry_run'] === true
  if (!isDry) setTimeout(() => firewall.control.system[how](), goodbyeMs)
  return { dry_run: isDry }
}

function systemVersion({ firewall }: RestCall): JsonObject {
  const { version, base, patch, buildtime } = versionOf(firewall.control.config.release)
  return { version, base, patch, buildtime }
}

function systemStatus({ firewall }: RestCall): JsonObject {
  const seconds = Math.floor(firewall.control.system.uptimeSeconds())
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  const [days, hours, minutes, rest] = parts
  const clock = [hours, minutes, rest].map((part) => String(part).padStart(2, '0'))
  return { platform: 'Lab', uptime: `${days} Days ${clock[0]} Hours ${clock[1]} Minutes ${clock[2]} Seconds` }
}

async function interfaces({ firewall }: RestCall): Promise<JsonObject[]> {
  const nics = parseIfconfig((await firewall.run('ifconfig', [])).output)
  return firewall.control.config.interfaces.flatMap(({ key, description, device, address }, id) => {
    const nic = nics.find((each) => each.device === device)
    if (nic === undefined) return []
    const own = nic.inet.find(({ isIPv6, vhid }) => !isIPv6 && vhid === undefined)
    const own6 = nic.inet.find(({ isIPv6, vhid }) => isIPv6 && vhid === undefined)
    return [
      {
        id,
        name: key,
        descr: description,
        hwif: device,
        macaddr: nic.mac,
        mtu: nic.mtu,
        enable: true,
        status: nic.status === 'no carrier' ? 'no carrier' : nic.flags.includes('UP') ? 'up' : 'down',
        ipaddr: own?.address ?? '',
        subnet: maskOf(own),
        ipaddrv6: own6?.address ?? '',
        subnetv6: own6 === undefined ? '' : String(own6.prefix),
        dhcplink: address === 'dhcp' ? (own === undefined ? 'down' : 'up') : '',
        media: '10Gbase-T <full-duplex>',
      },
    ]
  })
}

function maskOf(address: NicAddress | undefined): string {
  if (address === undefined) return ''
  const bits = '1'.repeat(address.prefix).padEnd(32, '0')
  return [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.')
}

function systemLog({ firewall, fields }: RestCall): JsonObject[] {
  const limit = Number(textOf(fields, 'limit') || '0')
  const lines = firewall.control.log.entries({ limit: limit > 0 ? limit : 500 }).map(({ raw }) => raw)
  return lines.toReversed().map((text, id) => ({ id, text }))
}

async function command({ firewall, fields }: RestCall): Promise<JsonObject> {
  const { status, output } = await firewall.shell(requiredText(fields, 'command'))
  return { command: requiredText(fields, 'command'), output: output.trimEnd(), result_code: status }
}
