import { createSocket } from 'node:dgram'
import type { LogControl, LogEntry } from '../control/control.ts'
import type { SyslogDestination } from './service-config.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Sends each new line of the system log to the destinations, one datagram each; what cannot leave is lost, as by UDP. */
export function startSyslog(
  destinations: readonly SyslogDestination[],
  hostName: string,
  log: Pick<LogControl, 'follow'>,
): void {
  if (destinations.length === 0) return
  const socket = createSocket('udp4')
  socket.on('error', () => undefined)
  socket.unref()
  log.follow((entry) => {
    for (const { host, port, format } of destinations) {
      socket.send(formatMessage(entry, hostName, format), port, host, () => undefined)
    }
  })
}

/** A line as it is on the wire: RFC 5424, or what BSD has always sent (RFC 3164). */
export function formatMessage(entry: LogEntry, hostName: string, format: SyslogDestination['format']): string {
  const { at, facility, severity, process, pid, line } = entry
  const priority = `<${facility * 8 + severity}>`
  if (format === 'rfc5424') {
    const stamp = `${at.toISOString().slice(0, 19)}+00:00`
    return `${priority}1 ${stamp} ${hostName} ${process} ${pid || '-'} - - ${line}`
  }
  const stamp = `${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`
  return `${priority}${stamp} ${hostName} ${process}${pid === '' ? '' : `[${pid}]`}: ${line}`
}
