import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HarnessError, exitCodes } from '../model/failure.ts'
import { machineRefSchema } from '../model/name.ts'
import { timed, within } from './aimed.ts'
import type { Aim, Effect, Fault, FaultTools } from './fault.ts'

const prepared = z.object({ mark: z.string().regex(/^firedrill-[0-9a-f]{8}$/) })

/**
 * A change of the configuration on one firewall that its peer is to get: a rule that is switched off, and the product's own program that syncs. The change
 * stands in the file of the firewall only, nothing is loaded. Whether and when the peer has it is followed, and measured as `configReached`.
 */
export const configChange: Fault = {
  kind: 'config-change',
  needs: ['machine shell'],
  params: z.strictObject({ on: machineRefSchema }),
  howTo:
    'writes a rule that is switched off, described firedrill-..., into config.xml of a firewall and syncs it (rc.filter_synchronize); metric configReached says when its peer has it; healed by taking it out of both',

  async prepare({ machines: [node = ''], params }, lab, tools) {
    const { primary, secondary } = lab.pair
    if (node !== primary && node !== secondary) throw noFirewall(node)
    const sections = await tools.shell.run(node, `grep -c '^ *</filter>' ${file} || :`, { signal: tools.signal })
    if (sections.trim() !== '1') throw noRules(node, sections.trim())
    const peer = node === primary ? secondary : primary
    return { machines: [node, peer], params: { ...params, mark: `firedrill-${randomBytes(4).toString('hex')}` } }
  },
  async begin({ machines: [node = ''], params }, tools) {
    const { mark } = prepared.parse(params)
    const written = await timed(tools, () => tools.shell.run(node, write(mark), { signal: tools.signal }))
    await tools.shell.run(node, sync, { signal: tools.signal })
    return written
  },
  // What is still under way would bring it back to the peer.
  heal: ({ machines: [node = '', peer = ''], params }, tools) =>
    timed(tools, async () => {
      const { mark } = prepared.parse(params)
      await tools.shell.run(node, `${remove(mark)}; ${endSync}`, { signal: tools.signal })
      await tools.shell.run(peer, remove(mark), { signal: tools.signal })
    }),
  verifyBegun: async ({ machines: [node = ''], params }, tools) => {
    const isThere = await has(node, params, tools)
    return { proven: isThere, evidence: `config.xml of ${node} ${isThere ? 'has' : 'has not'} the change` }
  },
  async verifyHealed({ machines, params }, tools): Promise<Effect> {
    const have = await Promise.all(machines.map((machine) => has(machine, params, tools)))
    const left = machines.filter((_, index) => have[index] === true)
    const evidence = `config.xml of ${(left.length > 0 ? left : machines).join(' and ')} ${left.length > 0 ? 'still has' : 'has no longer'} the change`
    return { proven: left.length === 0, evidence }
  },
  async arrived({ machines: [, peer = ''], params }, tools) {
    const isThere = await has(peer, params, tools, answerWithinMs).catch(() => {
      tools.signal.throwIfAborted()
      return null
    })
    return { node: peer, isThere }
  },
  undoByHand: ({ machines, params }) =>
    `on ${machines.join(' and ')}: delete the firewall rule described ${prepared.parse(params).mark}, which is switched off`,
}

const answerWithinMs = 3000
const file = '/conf/config.xml'
const program = (verb: string) => `cp -p ${file} ${file}.firedrill && ${verb} ${file} >${file}.firedrill &&
  mv ${file}.firedrill ${file} && rm -f /tmp/config.cache`

const ruleOf = (mark: string): string =>
  `    <rule><type>block</type><interface>lan</interface><ipprotocol>inet</ipprotocol><disabled>1</disabled><descr>${mark}</descr><source><any>1</any></source><destination><any>1</any></destination></rule>`

const write = (mark: string): string =>
  program(`awk '/^ *<\\/filter>/ && !done { print "${ruleOf(mark)}"; done = 1 } { print }'`)

/** A rule is a line, or many where the product has written the file anew. */
const remove = (mark: string): string =>
  `! grep -q ${mark} ${file} || { ${program(
    `awk '!held && /<rule[ >]/ { held = 1; rule = "" }
held { rule = rule $0 "\\n"; if (/<\\/rule>/) { held = 0; if (index(rule, "${mark}") == 0) printf "%s", rule } next }
{ print }'`,
  )}; }`

/** In the background: a peer that is away is tried for minutes. */
const sync = `for f in /usr/local/etc/rc.filter_synchronize /etc/rc.filter_synchronize; do
  [ ! -x $f ] || $f </dev/null >/dev/null 2>&1 &
done`

/** Its end is waited for, for 20 s. */
const syncing = "pgrep -f '[r]c.filter_synchronize' >/dev/null"
const endSync = `n=0; while ${syncing} && [ $n -lt 100 ]; do sleep 0.2; n=$((n + 1)); done; pkill -f '[r]c.filter_synchronize' || :`

async function has(machine: string, params: Aim['params'], tools: FaultTools, ms = 10_000): Promise<boolean> {
  const { mark } = prepared.parse(params)
  const signal = within(ms, tools.signal)
  const said = await tools.shell.run(machine, `grep -c '<descr>${mark}</descr>' ${file} || :`, { signal })
  return said.trim() === '1'
}

const noFirewall = (node: string) =>
  new HarnessError(`expected a firewall of the pair for config-change, got ${node}`, { exitCode: exitCodes.usage })

const noRules = (node: string, count: string) =>
  new HarnessError(`expected one section of rules in config.xml of ${node} to write into, came ${count || 'nothing'}`, {
    exitCode: exitCodes.unavailable,
  })
