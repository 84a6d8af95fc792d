import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { shippedLab, shippedScenario } from './firedrill.fixture.ts'
import { useHypervisorSite } from './hypervisor.fixture.ts'

const lab = 'opnsense-single-wan'
const machines = ['isp', 'fw1', 'fw2', 'client', 'target']
/** A NIC on every vnet of instance 0. */
const listeners = [
  { machine: 'isp', nic: 'eth0' },
  { machine: 'client', nic: 'eth0' },
  { machine: 'fw1', nic: 'vtnet2' },
  { machine: 'target', nic: 'eth0' },
]
type Listener = (typeof listeners)[number]

/** What pings of an instance carry, so that their frames are told apart although both labs have the same addresses. */
const mark = (instance: number) => `fdmark-of-lab-${instance}.`
const hexMark = (instance: number) => Buffer.from(mark(instance)).toString('hex')

const site = useHypervisorSite()

const up = (...more: string[]) =>
  site.place.run(['lab', 'up', shippedLab, '--target', site.hypervisor.targetFile, ...more])
const down = (...more: string[]) =>
  site.place.run(['lab', 'down', lab, '--target', site.hypervisor.targetFile, ...more])
const drill = (target: string, ...more: string[]) =>
  site.place.run(['run', shippedScenario, '--target', target, ...more])

/** Pings the target until it answers, then five times, with the mark of the instance in every packet. */
function ping(instance: number): string {
  const marked = `ping -i 0.2 -W 1 -p ${hexMark(instance)} 192.168.66.10`
  const client = instance === 0 ? 'client' : `client-i${instance}`
  return site.hypervisor.run(client, `for i in $(seq 40); do ${marked} -c 1 >/dev/null && break; done; ${marked} -c 5`)
}

/** A target file that attaches machines of instance 1 as if they were somebody's own, and knows the way to some. */
function attachedTo(
  cluster: string,
  attached = machines,
  { reachable = machines, reflectors = ['target'] }: { reachable?: string[]; reflectors?: string[] } = {},
): string {
  const vmids = attached.map((machine): [string, object] => [machine, { vmid: 9110 + machines.indexOf(machine) }])
  const access = reachable.map((machine) => [machine, site.hypervisor.target.machines[`${machine}-i1`]])
  return site.hypervisor.variant('attached.json', {
    attach: { cluster, machines: Object.fromEntries(vmids), reflectors },
    machines: Object.fromEntries(access),
  })
}

const verdictSchema = z.object({ findings: z.array(z.object({ id: z.string(), verdict: z.string() })) })
const verdicts = (text: string) => verdictSchema.parse(JSON.parse(text)).findings

/** Begins to record what a machine of instance 0 sees; at most for two minutes. */
function listen({ machine, nic }: Listener): void {
  const tcpdump = `timeout 120 tcpdump -Z root -i ${nic} --immediate-mode -U -n -w /tmp/capture`
  site.hypervisor.run(
    machine,
    `${tcpdump} >/tmp/capture.log 2>&1 & until grep -q listening /tmp/capture.log; do sleep 0.1; done`,
  )
}

/** Ends the recording: how many packets bear the mark of each instance, who sent any, and whether one was tagged. */
function heard({ machine }: Listener) {
  site.hypervisor.run(machine, 'kill $(pidof -s timeout); sleep 0.5')
  const frames = site.hypervisor.run(machine, 'tcpdump -nner /tmp/capture 2>/dev/null').trimEnd().split('\n')
  const marked = (instance: number) =>
    site.hypervisor.run(machine, `grep -a -o -F '${mark(instance)}' /tmp/capture | wc -l`)
  return {
    frames: frames.length,
    own: Number(marked(0)),
    foreign: Number(marked(1)),
    senders: new Set(frames.map((frame) => frame.split(' ')[1] ?? '')),
    tagged: frames.filter((frame) => /802\.1Q|vlan/i.test(frame)),
  }
}

/** The MACs of an instance's machines, as their NICs are configured. */
async function macsOf(instance: number): Promise<string[]> {
  const vmids = machines.map((_machine, index) => 9100 + 10 * instance + index)
  const configs = await Promise.all(vmids.map((vmid) => site.hypervisor.call('GET', `/nodes/pve1/qemu/${vmid}/config`)))
  return configs.flatMap(
    (config) =>
      JSON.stringify(config)
        .toLowerCase()
        .match(/(?<=virtio=)[0-9a-f:]{17}/g) ?? [],
  )
}

describe('two instances of a lab', () => {
  test('are made side by side; a third of either is refused with the owner named', async () => {
    const made = await Promise.all([up(), up('--instance', '1')])
    const wrong = made.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)
    expect({ wrong, said: made.map(({ stdout }) => stdout.split('\n')[0]) }).toEqual({
      wrong: [],
      said: [`lab ${lab} is up`, `lab ${lab}-i1 is up`],
    })
    const standing = await site.hypervisor.state()
    const owner = String.raw`pool firedrill-${lab}(-i1)? was made by \S+@\S+ \(process \d+\) since 20\d\d-`
    for (const refused of await Promise.all([up(), up('--instance', '1')])) {
      expect(refused).toMatchObject({ code: 69, stdout: '' })
      expect(refused.stderr).toMatch(new RegExp(owner))
    }
    expect(await site.hypervisor.state()).toEqual(standing)
  })

  test.each([
    ['without the flag', [], 'expected --confirm-cluster pve1, got nothing'],
    ['with another name', ['--confirm-cluster', 'prod'], 'expected --confirm-cluster pve1, got "prod"'],
  ])('borrowed machines are refused %s', async (_, flags, text) => {
    const before = await site.hypervisor.state()
    const refused = await drill(attachedTo('pve1'), ...flags)
    expect(refused).toMatchObject({ code: 64, stdout: '' })
    expect(refused.stderr).toContain(text)
    expect(await site.hypervisor.state()).toEqual(before)
  })

  test('machines that the target file does not declare are refused', async () => {
    const refused = await drill(attachedTo('pve1', ['isp', 'fw1']), '--confirm-cluster', 'pve1')
    const text = 'step failover: fw2 is not among the machines that attach declares'
    expect(refused).toMatchObject({ code: 64, stdout: '' })
    expect(refused.stderr).toContain(text)
  })

  test('a cluster of another name is refused even where the flag names it', async () => {
    const refused = await drill(attachedTo('prod'), '--confirm-cluster', 'prod')
    const text = 'expected cluster prod, as the target file says, got pve1'
    expect(refused).toMatchObject({ code: 69, stdout: '' })
    expect(refused.stderr).toContain(text)
  })

  test('protected and HA-managed machines are refused', async () => {
    await site.hypervisor.call('PUT', '/nodes/pve1/qemu/9111/config', { protection: 1 })
    await site.hypervisor.call('POST', '/cluster/ha/resources', { sid: 'vm:9112' })
    const before = await site.hypervisor.state()
    const { code, stdout, stderr } = await drill(attachedTo('pve1'), '--confirm-cluster', 'pve1')
    const after = await site.hypervisor.state()
    await site.hypervisor.call('DELETE', '/cluster/ha/resources/vm:9112')
    await site.hypervisor.call('PUT', '/nodes/pve1/qemu/9111/config', { delete: 'protection' })
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' })
    expect(stderr).toContain('fw1: VM 9111 (opnsense-single-wan-i1-fw1) has protection: 1')
    expect(stderr).toContain('fw2: VM 9112 (opnsense-single-wan-i1-fw2) is managed by HA')
    expect(after).toEqual(before)
  })

  test('exchange no frame while one is pinged through and drilled', async () => {
    const before = await site.hypervisor.state()
    ping(0)
    for (const listener of listeners) listen(listener)
    ping(1)
    site.hypervisor.run('fw1-i1', `ping -c 3 -i 0.2 -W 1 -p ${hexMark(1)} 10.103.0.3 || true`)
    const { code, stdout } = await drill(attachedTo('pve1'), '--confirm-cluster', 'pve1')
    ping(0)
    expect({ code, passed: /\bpass/i.test(stdout) }).toEqual({ code: 0, passed: true })
    const [own, others] = [await macsOf(0), await macsOf(1)]
    expect(own).toHaveLength(10)
    for (const listener of listeners) {
      const { frames, own: ownMarks, foreign, senders, tagged } = heard(listener)
      const strangers = [...senders].filter((mac) => !own.includes(mac) && !mac.startsWith('00:00:5e:00:01:'))
      expect({ ...listener, foreign, strangers, tagged }).toEqual({
        ...listener,
        foreign: 0,
        strangers: [],
        tagged: [],
      })
      expect([...senders].filter((mac) => others.includes(mac) && !own.includes(mac))).toEqual([])
      expect(frames).toBeGreaterThan(5)
      expect(ownMarks > 0).toBe(listener.nic !== 'vtnet2')
    }
    expect(await site.hypervisor.state()).toEqual(before)
  })

  test('a borrowed pair is drilled without a reflector: pings, connections and pages are judged, sessions are unknown', async () => {
    const probes = `probes:
  outside: { ping: { from: client, to: target, every: 200ms } }
  connect: { tcp-connect: { from: client, to: target, every: 200ms, port: 443 } }
  page: { http: { from: client, to: target, every: 200ms, path: /health } }
  held: { tcp-session: { from: client, to: target, every: 200ms } }
`
    const limits = ['outside', 'connect', 'page'].map(
      (stream) =>
        `  - { metric: failover.outage, stream: ${stream}, max: 6s, because: a connection may wait for its second SYN }\n`,
    )
    const alive = '  - { metric: failover.sessionsAlive, stream: held, min: 1, because: state sync }\n'
    const shipped = readFileSync(shippedScenario, 'utf8')
    const [head = '', steps = ''] = [shipped.split('probes:')[0], /steps:[^]*?\n\n/.exec(shipped)?.[0]]
    const scenario = site.place.write(
      'borrowed.yaml',
      [head, probes, '\n', steps, 'expect:\n', ...limits, alive].join(''),
    )
    const target = attachedTo('pve1', ['fw1', 'fw2'], { reachable: ['fw1', 'fw2', 'client'], reflectors: [] })
    const { code, stderr } = await site.place.run(['run', scenario, '--target', target, '--confirm-cluster', 'pve1'])
    expect({ code, stderr: code === 2 ? '' : stderr }).toEqual({ code: 2, stderr: '' })
    const findings = verdicts(site.place.latest('verdict.json'))
    expect(findings.filter(({ id }) => id.startsWith('expect.'))).toEqual([
      { id: 'expect.failover.outage.outside', verdict: 'pass' },
      { id: 'expect.failover.outage.connect', verdict: 'pass' },
      { id: 'expect.failover.outage.page', verdict: 'pass' },
      { id: 'expect.failover.sessionsAlive.held', verdict: 'unknown' },
    ])
    const unknown = findings.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id)
    expect(unknown).toEqual(['expect.failover.sessionsAlive.held', 'invariant.probes-ran.held'])
  })

  test('are taken down one by one: the other stays, and in the end the hypervisor is as it was', async () => {
    expect(await down('--instance', '1')).toMatchObject({ code: 0 })
    ping(0)
    expect(await down()).toMatchObject({ code: 0 })
    expect(await site.hypervisor.state()).toEqual(site.before)
    expect(site.place.leftovers()).toEqual([])
  })
})
