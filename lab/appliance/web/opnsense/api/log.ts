import type { LogEntry, LogQuery } from '../../../control/control.ts'
import type { JsonObject, WebReply } from '../../exchange.ts'
import { type Fields, listOf, textOf } from '../../form.ts'
import { type Answer, type Call, OtherReply, type Routes } from './endpoint.ts'
import { wholeOf } from './grid.ts'

const severities = ['Emergency', 'Alert', 'Critical', 'Error', 'Warning', 'Notice', 'Informational', 'Debug']
const mostRows = 9999
const usualRows = 5000

/** The system log: asked for by page, downloaded, followed. */
export const logRoutes: Routes = {
  'diagnostics/log/core': { parameters: 1, answer: readLog },
}

function readLog(call: Call): Answer {
  const [scope, action] = call.params
  if (scope !== 'system') return []
  if (action === 'export') return new OtherReply(exportCsv(call))
  if (action === 'live') return new OtherReply(followLog(call))
  return call.isPost ? pageOf(call) : []
}

// As the real one's search does, the page may end with one match that is older than asked for.
function pageOf({ firewall, fields }: Call): JsonObject {
  const validFrom = Number(textOf(fields, 'validFrom') || '0')
  const found = firewall.control.log.entries(queryOf(fields))
  const older = found.findIndex(({ at }) => at.getTime() / 1000 < validFrom)
  const matches = older < 0 ? found : found.slice(0, older + 1)
  const wanted = wholeOf(fields, 'rowCount', -1)
  const size = wanted < 0 ? usualRows : Math.min(wanted, mostRows)
  const current = Math.max(1, wholeOf(fields, 'current', 1))
  const rows = matches.slice((current - 1) * size, current * size)
  return {
    total: matches.length,
    rowCount: rows.length,
    current,
    rows: rows.map((entry, index) => rowOf(entry, found.length - (current - 1) * size - index)),
    total_rows: matches.length,
    origin: 'system',
  }
}

function queryOf(fields: Fields): LogQuery {
  const phrase = textOf(fields, 'searchPhrase')
  const names = listOf(fields, 'severity').flatMap((each) => each.split(','))
  const wanted = names.map((name) => severities.indexOf(name)).filter((each) => each >= 0)
  return { ...(phrase !== '' && { phrase }), ...(wanted.length > 0 && { severities: wanted }) }
}

function rowOf({ at, facility, severity, process, pid, line }: LogEntry, rnum: number): JsonObject {
  return {
    timestamp: at.toISOString().slice(0, 19),
    parser: 'SysLogFormatRFC5424',
    facility,
    severity: severities[severity] ?? '',
    process_name: process,
    pid,
    rnum,
    line,
  }
}

function exportCsv({ firewall, fields }: Call): WebReply {
  const columns = ['timestamp', 'severity', 'process_name', 'pid', 'line']
  const lines = firewall.control.log.entries(queryOf(fields)).map(({ at, severity, process, pid, line }) => {
    return [at.toISOString().slice(0, 19), severities[severity] ?? '', process, pid, line].map(quote).join(',')
  })
  return {
    status: 200,
    headers: { 'content-type': 'text/csv; charset=UTF-8', 'content-disposition': 'attachment; filename=system.log' },
    body: `${[columns.join(','), ...lines].join('\n')}\n`,
  }
}

function quote(text: string): string {
  return /[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function followLog({ firewall, fields }: Call): WebReply {
  const { log } = firewall.control
  const query = queryOf(fields)
  const words = (query.phrase ?? '').toLowerCase().split(/\s+/)
  const older = log.entries({ ...query, limit: Math.max(0, wholeOf(fields, 'offset', 0)) }).toReversed()
  const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' }
  return { status: 200, headers, body: (write) => stream(write) }

  function stream(write: (text: string) => void): () => void {
    let count = 0
    const tell = (event: string, entry: LogEntry): void => {
      count += 1
      write(`event: ${event}\ndata:${JSON.stringify(rowOf(entry, count))}\n\n`)
      idle.refresh()
    }
    const idle = setInterval(() => write('event: keepalive\ndata:\n\n'), 1000)
    for (const entry of older) tell('message', entry)
    const stop = log.follow((entry) => {
      const raw = entry.raw.toLowerCase()
      const isWanted = query.severities === undefined || query.severities.includes(entry.severity)
      if (isWanted && words.every((word) => raw.includes(word))) tell('log', entry)
    })
    return () => {
      clearInterval(idle)
      stop()
    }
  }
}
