import { z } from 'zod'
import { onSchema, timed } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const modes = ['silent', 'slow', 'nak'] as const
const written = z.object({ mode: z.enum(modes), seconds: z.int().default(15) })

/** A provider's DHCP server that answers nobody, or late, or refuses every address that it is asked for. The provider is the machine of image fake-isp, whose program sets everything right again. */
export const dhcpServer: Fault = {
  kind: 'dhcp-server',
  needs: ['machine shell'],
  params: z.strictObject({
    on: onSchema,
    mode: z.enum(modes),
    /** How late, where it is slow. */
    seconds: z.int().min(1).max(120).optional(),
  }),
  howTo:
    'makes the DHCP server of the provider answer nobody (silent), answer late (slow, seconds), or answer each request with a refusal and offer nothing (nak: its range is its own address) by its dnsmasq.conf and a restart; healed by firedrill-isp, which writes the configuration anew',
  calls({ machines, params }) {
    const on = (command: string) => machines.map((machine) => ({ ask: 'command' as const, machine, command }))
    return {
      begin: on(begin(params)),
      verifyBegun: on(look),
      heal: on(heal),
      verifyHealed: on(look),
    }
  },
  begin: (aim, tools) => each(aim, tools, begin(aim.params)),
  heal: (aim, tools) => each(aim, tools, heal),
  verifyBegun: (aim, tools) => see(aim, tools, optionOf(aim.params)),
  verifyHealed: (aim, tools) => see(aim, tools, null),
  undoByHand: ({ machines }) => `on ${machines.join(' and ')}: ${heal}`,
}

const mark = '# firedrill fault'

function optionOf(params: Readonly<Record<string, unknown>>): string {
  const { mode, seconds } = written.parse(params)
  const options = { silent: 'dhcp-ignore=tag:!known', slow: `dhcp-reply-delay=${seconds}`, nak: 'dhcp-authoritative' }
  return options[mode]
}

/** Its own address is free for nobody: the leases that there are lie outside its range, and new ones are none. */
const ownRange = `own=$(sed -n 's/^interface=//p' /etc/dnsmasq.conf | xargs ip -4 -o addr show dev | sed -n '1s|.* inet \\([0-9.]*\\)/.*|\\1|p')
  [ -n "$own" ] && sed -i "s/^dhcp-range=[^,]*,[^,]*/dhcp-range=$own,$own/" /etc/dnsmasq.conf && `

const restart = `if [ -d /run/systemd/system ]; then systemctl restart dnsmasq; else
  pid=$(cat /run/dnsmasq.pid); tr '\\0' '\\n' </proc/$pid/cmdline >/run/dnsmasq.words; kill "$pid"
  while [ -e "/proc/$pid/exe" ]; do sleep 0.02; done; xargs -a /run/dnsmasq.words -d '\\n' env; rm -f /run/dnsmasq.words
fi`

const begin = (params: Readonly<Record<string, unknown>>): string =>
  `${written.parse(params).mode === 'nak' ? ownRange : ''}printf '%s\\n' '${mark}' '${optionOf(params)}' >>/etc/dnsmasq.conf; ${restart}`

const heal = 'xargs firedrill-isp </etc/firedrill/isp'

/** What is configured, and since when the server runs against when that was written, in seconds. */
const look = `grep -A1 '^${mark}' /etc/dnsmasq.conf; echo "server $(pgrep -x -o dnsmasq || echo none)"; echo "written $(stat -c %Y /etc/dnsmasq.conf) started $(stat -c %Y /proc/$(pgrep -x -o dnsmasq || echo none))"`

const each = ({ machines }: Aim, tools: FaultTools, command: string) =>
  timed(tools, () =>
    Promise.all(machines.map((machine) => tools.shell.run(machine, command, { signal: tools.signal }))),
  )

/** The server that runs is one that was started on this configuration. */
const see = ({ machines }: Aim, { shell, signal }: FaultTools, wanted: string | null) =>
  forEach(machines, async (machine): Promise<Effect> => {
    const said = await shell.run(machine, look, { signal }).catch(() => '')
    const found = /^dhcp-\S+$/m.exec(said)?.[0] ?? null
    const [, at, started] = /written (\d+) started (\d+)/.exec(said) ?? []
    const isFresh = at !== undefined && Number(started) >= Number(at)
    const evidence = `the DHCP server of ${machine} was started on a configuration ${found === null ? 'as it should be' : `with ${found}`}`
    return { proven: found === wanted && isFresh, evidence: isFresh ? evidence : `${machine} runs no such DHCP server` }
  })
