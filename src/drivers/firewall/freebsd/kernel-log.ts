import type { CarpLogEntry } from '../../../model/carp-log.ts'

type Event = CarpLogEntry['event']

const transition = /^carp: (\d{1,3})@([\w.:-]+): (MASTER|BACKUP|INIT) -> (MASTER|BACKUP|INIT) \((.*)\)$/
const demotion = /^carp: demoted by (-?\d{1,9}) to (-?\d{1,9}) \((.*)\)$/
const link = /^([a-zA-Z][\w.:-]*): link state changed to (UP|DOWN)$/

/** What a kernel line tells of CARP or a link, with the raw prefix `<6>[754] ` or without; null where it tells of neither. */
export function parseKernelLine(line: string): Pick<CarpLogEntry, 'event' | 'uptimeSeconds'> | null {
  const [, uptime, text = ''] = /^(?:<\d{1,3}>)?(?:\[(\d{1,10})\] ?)?(.*)$/.exec(line.trim()) ?? []
  const event = transitionIn(text) ?? demotionIn(text) ?? linkIn(text)
  return event === null ? null : { event, uptimeSeconds: uptime === undefined ? null : Number(uptime) }
}

function transitionIn(text: string): Event | null {
  const [, vhid, nic, from, to, reason] = transition.exec(text) ?? []
  if (vhid === undefined || nic === undefined || from === undefined || to === undefined || reason === undefined)
    return null
  return { kind: 'transition', vhid: Number(vhid), nic, from, to, reason }
}

function demotionIn(text: string): Event | null {
  const [, by, to, reason] = demotion.exec(text) ?? []
  if (by === undefined || to === undefined || reason === undefined) return null
  return { kind: 'demotion', by: Number(by), to: Number(to), reason }
}

function linkIn(text: string): Event | null {
  const [, nic, state] = link.exec(text) ?? []
  return nic === undefined || (state !== 'UP' && state !== 'DOWN') ? null : { kind: 'link', nic, state }
}
