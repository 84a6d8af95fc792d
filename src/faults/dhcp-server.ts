import { z } from 'zod'
import { onSchema, timed } from './aimed.ts'
import { forEach } from './each-machine.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ mode: z.enum(['silent', 'slow']), seconds: z.int().default(15) })

/** A provider's DHCP server that answers nobody, or late. The provider is the machine of image fake-isp, whose program sets everything right again. */
export const dhcpServer: Fault = {
  kind: 'dhcp-server',
  needs: ['machine shell'],
  params: z.strictObject({
    on: onSchema,
    mode: z.enum(['silent', 'slow']),
    /** How late, where it is slow. */
    seconds: z.int().min(1).max(120).optional(),
  }),
  howTo:
    'makes the DHCP server of the provider refuse everybody (silent) or answer late (slow, seconds) by a line in dnsmasq.conf and a restart; healed by firedrill-isp, which writes the configuration anew',
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
  return mode === 'silent' ? 'dhcp-ignore=tag:!known' : `dhcp-reply-delay=${seconds}`
}

const restart = `if [ -d /run/systemd/system ]; then systemctl restart dnsmasq; else
  pid=$(cat /run/dnsmasq.pid); tr '\\0' '\\n' </proc/$pid/cmdline >/run/dnsmasq.words; kill "$pid"
  while [ -e "/proc/$pid/exe" ]; do sleep 0.02; done; xargs -a /run/dnsmasq.words -d '\\n' env; rm -f /run/dnsmasq.words
fi`

const begin = (params: Readonly<Record<string, unknown>>): string =>
  `printf '%s\\n' '${mark}' '${optionOf(params)}' >>/etc/dnsmasq.conf; ${restart}`

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
