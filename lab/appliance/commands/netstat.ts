import { type Command, type Firewall, answer, refuse } from './command.ts'

/** `netstat -s -p carp|pfsync`, in FreeBSD's words. */
export const netstat: Command = async (firewall, args) => {
  const words = args.join(' ')
  const protocol = /-p ?(\w+)/.exec(words)?.[1]
  if (!/-\w*s/.test(words)) return refuse(`netstat: expected -s -p carp or -s -p pfsync, got ${words}\n`)
  if (protocol === 'carp') return answer(formatCarp(firewall))
  if (protocol === 'pfsync') return answer(await formatPfsync(firewall))
  return refuse(`netstat: ${protocol ?? ''}: unknown or uninstrumented protocol\n`)
}

function formatCarp({ speaker: { counters } }: Firewall): string {
  const { received, sent, discarded } = counters
  const dropped = (reason: string): number => discarded[reason] ?? 0
  return lines('carp', [
    [1, received.inet, `packet${s(received.inet)} received (IPv4)`],
    [1, received.inet6, `packet${s(received.inet6)} received (IPv6)`],
    [2, dropped('wrong TTL'), `packet${s(dropped('wrong TTL'))} discarded for wrong TTL`],
    [2, 0, 'packets shorter than header'],
    [2, dropped('bad checksum'), `discarded for bad checksum${s(dropped('bad checksum'))}`],
    [2, dropped('bad version'), `discarded packet${s(dropped('bad version'))} with a bad version`],
    [2, dropped('bad length'), 'discarded because packet too short'],
    [2, dropped('bad authentication'), 'discarded for bad authentication'],
    [2, dropped('bad vhid'), 'discarded for bad vhid'],
    [2, 0, 'discarded because of a bad address list'],
    [1, sent.inet, `packet${s(sent.inet)} sent (IPv4)`],
    [1, sent.inet6, `packet${s(sent.inet6)} sent (IPv6)`],
    [2, 0, 'send failed due to mbuf memory error'],
  ])
}

async function formatPfsync({ pfsync }: Firewall): Promise<string> {
  const none = { received: 0, sent: 0, badVersion: 0, sendErrors: 0 }
  const { received, sent, badVersion, sendErrors } = (await pfsync?.counters()) ?? none
  return lines('pfsync', [
    [1, received, `packet${s(received)} received (IPv4)`],
    [1, 0, 'packets received (IPv6)'],
    [2, 0, 'packets discarded for bad interface'],
    [2, 0, 'packets discarded for bad ttl'],
    [2, 0, 'packets shorter than header'],
    [2, badVersion, `packet${s(badVersion)} discarded for bad version`],
    [2, 0, 'packets discarded for bad HMAC'],
    [2, 0, 'packets discarded for bad action'],
    [2, 0, 'packets discarded for short packet'],
    [2, 0, 'states discarded for bad values'],
    [2, 0, 'stale states'],
    [2, 0, 'failed state lookup/inserts'],
    [1, sent, `packet${s(sent)} sent (IPv4)`],
    [1, 0, 'packets sent (IPv6)'],
    [2, 0, 'send failed due to mbuf memory error'],
    [2, sendErrors, 'send error'],
  ])
}

function lines(protocol: string, entries: readonly (readonly [number, number, string])[]): string {
  const body = entries.map(([depth, count, text]) => `${'\t'.repeat(depth)}${count} ${text}\n`)
  return `${protocol}:\n${body.join('')}`
}

function s(count: number): string {
  return count === 1 ? '' : 's'
}
