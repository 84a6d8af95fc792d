import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import type { Lab } from '../model/lab.ts'
import { nameSchema } from '../model/name.ts'
import { nicIndex, onSchema, timed } from './aimed.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const written = z.object({ network: z.string() })
const prepared = z.object({
  vhids: z.array(z.object({ machine: z.string(), nic: z.string().regex(/^\w+$/), vhid: z.int() })).min(1),
  pair: z.array(z.string()),
  refusedBefore: z.number(),
})

/**
 * The password of a VHID that differs on one node: nobody believes the other's advertisements, both are master. It is changed in the kernel
 * only; what it should be stands in the firewall's own configuration, so that the journal holds no secret. Reference: firewalls page §6 #12.
 */
export const carpPassword: Fault = {
  kind: 'carp-password',
  needs: ['machine shell'],
  params: z.strictObject({ on: onSchema, network: nameSchema }),
  howTo:
    'gives the VHIDs of a network another password on one firewall (ifconfig <nic> vhid <n> pass ...), as a half-done change would; healed by giving them that of its config.xml',

  async prepare({ machines, params }, lab, tools) {
    const { network } = written.parse(params)
    const own = lab.pair.vips.filter((vip) => vip.network === network).map(({ vhid }) => vhid)
    if (own.length === 0) throw noVhid(network, lab)
    const vhids = machines.flatMap((machine) =>
      own.map((vhid) => ({ machine, nic: `vtnet${nicIndex(machine, network, lab)}`, vhid })),
    )
    const pair = [lab.pair.primary, lab.pair.secondary]
    return { machines, params: { ...params, vhids, pair, refusedBefore: await refusedBy(pair, tools) } }
  },

  begin: (aim, tools) => each(aim, tools, ({ nic, vhid }) => `ifconfig ${nic} vhid ${vhid} pass firedrill-other`),
  heal: (aim, tools) => each(aim, tools, ({ nic, vhid }) => asConfigured(nic, vhid)),

  async verifyBegun({ params }, tools) {
    const { pair, refusedBefore } = prepared.parse(params)
    const untilMs = tools.clock.nowMs() + seenWithinMs
    for (;;) {
      const refused = (await refusedBy(pair, tools)) - refusedBefore
      const evidence = `${pair.join(' and ')} have refused ${refused} advertisements for bad authentication`
      if (refused > 0 || tools.clock.nowMs() > untilMs) return { proven: refused > 0, evidence }
      await tools.clock.sleep(200, tools.signal)
    }
  },
  verifyHealed: seeNoneRefused,
  undoByHand: ({ machines }) =>
    `on ${machines.join(' and ')}: save and apply the CARP address again on the page of virtual IPs, which sets its password`,
}

const seenWithinMs = 8000
const quietForMs = 2500

/** While advertisements come at least once a second, none is refused. */
async function seeNoneRefused({ params }: Aim, tools: FaultTools): Promise<Effect> {
  const { pair } = prepared.parse(params)
  const before = await refusedBy(pair, tools)
  await tools.clock.sleep(quietForMs, tools.signal)
  const refused = (await refusedBy(pair, tools)) - before
  return {
    proven: refused === 0,
    evidence: `${pair.join(' and ')} have refused ${refused} advertisements for bad authentication within ${quietForMs} ms`,
  }
}

/** How many advertisements both have refused so far; a node that starts anew counts from 0, and one that is off has none. */
async function refusedBy(pair: readonly string[], { shell, signal }: FaultTools): Promise<number> {
  const texts = await Promise.all(
    pair.map((machine) => shell.run(machine, 'netstat -s -p carp', { signal }).catch(() => '')),
  )
  return texts.reduce((sum, text) => sum + Number(/(\d+) discarded for bad authentication/.exec(text)?.[1] ?? 0), 0)
}

/** FreeBSD's awk and any other: the password of the CARP address with this VHID, of the interface on this NIC where its number is used twice. */
function asConfigured(nic: string, vhid: number): string {
  const program = `
    /<(wan|lan|opt[0-9]+)>/ { key = $0; gsub(/[ \\t<>]/, "", key) }
    /<if>${nic}<\\/if>/ { own = key }
    /<vip[ >]/ { vip = ""; inside = 1 }
    inside { vip = vip $0 }
    /<\\/vip>/ { inside = 0; vips[++count] = vip }
    END {
      for (i = 1; i <= count; i++) if (vips[i] ~ /<vhid>${vhid}</ && vips[i] ~ ("<interface>" own "<")) {
        word = vips[i]; sub(/.*<password>/, "", word); sub(/<\\/password>.*/, "", word)
        gsub(/&lt;/, "<", word); gsub(/&gt;/, ">", word); gsub(/&quot;/, "\\"", word); gsub(/&amp;/, "\\\\&", word)
        print word
      }
    }`
  return `ifconfig ${nic} vhid ${vhid} pass "$(awk '${program}' /conf/config.xml | head -1)"`
}

const each = (aim: Aim, tools: FaultTools, say: (vhid: { nic: string; vhid: number }) => string) =>
  timed(tools, async () => {
    for (const { machine, ...vhid } of prepared.parse(aim.params).vhids)
      await tools.shell.run(machine, `/bin/sh -c '${say(vhid).replaceAll("'", String.raw`'\''`)}'`, {
        signal: tools.signal,
      })
  })

const noVhid = (network: string, lab: Lab) =>
  new HarnessError(`expected a network with a CARP address, ${network} of lab ${lab.lab} has none`, {
    exitCode: exitCodes.usage,
  })
