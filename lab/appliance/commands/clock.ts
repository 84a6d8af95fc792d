import { loadavg } from 'node:os'
import { run } from '../system/run.ts'
import { type Command, answer, refuse } from './command.ts'

/** `date` by the appliance's clock, which `date -f %s N` sets to N seconds since 1970; other words are those of the host's `date`. */
export const date: Command = async ({ control }, args) => {
  if (args[0] === '-f') {
    const [, format, text = ''] = args
    if (format !== '%s' || !/^\d{1,11}$/.test(text)) return refuse(`date: Failed conversion of \`\`${text}''\n`)
    control.system.set(new Date(Number(text) * 1000))
  }
  const words = args[0] === '-f' ? args.slice(3) : args
  const seconds = control.system.now().getTime() / 1000
  const { status, output } = await run('/bin/date', ['-d', `@${seconds.toFixed(3)}`, ...words])
  return { status, output }
}

/** ` 8:45PM  up 1 day,  2:03, 1 user, load averages: 0.10, 0.08, 0.05` */
export const uptime: Command = ({ control }) => {
  const now = control.system.now()
  const minutes = Math.floor(control.system.uptimeSeconds() / 60)
  const days = Math.floor(minutes / 1440)
  const [hours, rest] = [Math.floor(minutes / 60) % 24, minutes % 60]
  const long = `${hours}:${String(rest).padStart(2, '0')}`
  const short = hours > 0 ? long : `${rest} min${rest === 1 ? '' : 's'}`
  const up = days > 0 ? `${days} day${days > 1 ? 's' : ''}, ${short}` : short
  const loads = loadavg().map((load) => load.toFixed(2))
  return answer(`${clockOf(now).padStart(7)}  up ${up}, 0 users, load averages: ${loads.join(', ')}\n`)
}

function clockOf(at: Date): string {
  const hour = at.getUTCHours()
  const minute = String(at.getUTCMinutes()).padStart(2, '0')
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minute}${hour < 12 ? 'AM' : 'PM'}`
}
