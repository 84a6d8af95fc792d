import { profileOf } from '../release.ts'
import { loadavg } from 'node:os'
import type { Answer, Call, Routes } from './endpoint.ts'

/** The machine: names, clocks, and its end. */
export const systemRoutes: Routes = {
  'core/system/status': { answer: status },
  'core/system/reboot': { answer: (call) => end(call, 'reboot') },
  'core/system/halt': { answer: (call) => end(call, 'halt') },
  'diagnostics/system/system_information': { answer: information },
  'diagnostics/system/system_time': { answer: time },
}

// The answer is on its way before the machine goes.
const goodbyeMs = 300

function end({ firewall, isPost }: Call, how: 'reboot' | 'halt'): Answer {
  if (!isPost) return { status: 'failed' }
  setTimeout(() => firewall.control.system[how](), goodbyeMs)
  return { status: 'ok' }
}

function status(): Answer {
  const system = { status: 'OK', message: 'No pending messages', title: 'System' }
  return { metadata: { system, translations: {}, subsystems: [] }, subsystems: {} }
}

function information({ firewall }: Call): Answer {
  const { config } = firewall.control
  const { kernel, openssl } = profileOf(config.release)
  return {
    name: `${config.hostName}.${config.domain}`,
    versions: [`OPNsense ${config.release}-amd64`, `FreeBSD ${kernel}`, `OpenSSL ${openssl}`],
    updates: 'Click to check for updates.',
  }
}

function time({ firewall }: Call): Answer {
  const { system, store } = firewall.control
  return {
    uptime: formatUptime(system.uptimeSeconds()),
    datetime: formatDate(system.now()),
    boottime: formatDate(system.bootedAt()),
    config: formatDate(new Date(Number(store.revision().time) * 1000)),
    loadavg: loadavg()
      .map((load) => load.toFixed(2))
      .join(', '),
  }
}

/** `1 day, 02:03:04`, without days while there is none. */
function formatUptime(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':')
  return days === 0 ? clock : `${days} ${days > 1 ? 'days' : 'day'}, ${clock}`
}

/** `Sat Nov 21 5:10:07 UTC 2026`; the appliance's clock runs in UTC. */
function formatDate(date: Date): string {
  const [weekday = '', day = '', month = '', year = '', clock = ''] = date.toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${Number(day)} ${clock.replace(/^0/, '')} UTC ${year}`
}
