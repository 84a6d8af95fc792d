import { describe, expect, test } from 'vitest'
import { play, toolsOver } from './fake-site.fixture.ts'
import { faults } from './index.ts'

describe('a clock that is stepped', () => {
  /** A firewall's clock and boot, off by so many seconds; `isDeaf`: it says yes and steps nothing. */
  const firewall =
    (clock: { offset: number; bootMoves?: boolean; isDeaf?: boolean }) => (_: string, command: string) => {
      const by = /date -f %s \$\(\(a \+ 1 \+ (-?\d+)\)\)/.exec(command)?.[1]
      if (by !== undefined && clock.isDeaf !== true) clock.offset += Number(by)
      const boot = 1_700_000_000 + (clock.bootMoves === false ? 0 : Math.round(clock.offset))
      return `${Math.floor(Date.now() / 1000 + clock.offset)}\n{ sec = ${boot}, usec = 250000 } Sat Nov 21 05:00:00 2026\n`
    }

  test.each([300, -300])('by %i s is seen by its date and by its kernel, and set as it was', async (seconds) => {
    const clock = { offset: 7 }
    const played = await play('clock-step', { on: 'fw1', seconds }, toolsOver(firewall(clock)))
    expect(played).toMatchObject({ begun: true, healed: true })
    expect(clock.offset).toBe(7)
  })

  test('is not believed where nothing moved, or only what it prints', async () => {
    const aim = { on: 'fw1', seconds: 300 }
    expect((await play('clock-step', aim, toolsOver(firewall({ offset: 0, isDeaf: true })))).begun).toBe(false)
    expect((await play('clock-step', aim, toolsOver(firewall({ offset: 0, bootMoves: false })))).begun).toBe(false)
  })

  test('by less than can be told apart is refused', () => {
    const accepts = (seconds: number) => faults['clock-step']?.params.safeParse({ on: 'fw1', seconds }).success
    expect([10, -10, 9, 0, 86_401, 1.5].map(accepts)).toEqual([true, true, false, false, false, false])
  })
})

describe('a web server that is ended', () => {
  const system = (isUp: () => boolean) => ({
    read: () =>
      isUp()
        ? Promise.resolve({ product: 'OPNsense' as const, release: '25.7', uptimeSeconds: 1, bootTime: 1 })
        : Promise.reject(new Error('refused')),
  })
  const none = { read: () => Promise.reject(new Error('not asked here')) }

  test.each([true, false])('takes the API with it (there is one: %s), and both come back', async (hasApi) => {
    let isUp = true
    const shell = (_: string, command: string) => {
      if (command.startsWith('pkill')) isUp = false
      if (command.includes('rc.restart_webgui')) isUp = true
      return isUp && command.startsWith('pgrep') ? '41\n' : ''
    }
    const firewall = () => ({ haReader: none, ...(hasApi ? { system: system(() => isUp) } : {}) })
    const aim = { on: 'fw1', service: 'webgui' }
    expect(await play('service-stop', aim, toolsOver(shell, { firewall }))).toMatchObject({ begun: true, healed: true })
    expect((await play('service-stop', aim, toolsOver(shell, { firewall }), false)).begun).toBe(false)
  })

  test('is not believed while the API answers, and not begun where it does not', async () => {
    const lives = (_: string, command: string) => (command.startsWith('pgrep') ? '41\n' : '')
    const aim = { on: 'fw1', service: 'webgui' }
    const answering = toolsOver(lives, { firewall: () => ({ haReader: none, system: system(() => true) }) })
    expect((await play('service-stop', aim, answering)).begun).toBe(false)
    const dead = toolsOver(lives, { firewall: () => ({ haReader: none, system: system(() => false) }) })
    await expect(play('service-stop', aim, dead)).rejects.toThrow('does not answer (refused)')
  })
})

describe('requests for all states that nobody gets', () => {
  const tables = new Map<string, string>()
  const site = (syncOk: 0 | 1, dropped: number) => (_: string, command: string, input: string) => {
    const [, name = ''] = /table bridge (\w+)/.exec(input) ?? []
    if (input.includes('delete table')) tables.delete(name)
    else if (input !== '') tables.set(name, input)
    if (command.startsWith('test -e')) return 'there\n'
    if (command === 'nft list tables bridge') return [...tables.keys()].map((own) => `table bridge ${own}\n`).join('')
    const rules = tables.get(command.split(' ').at(-1) ?? '') ?? ''
    if (command.startsWith('nft list'))
      return rules.replaceAll('counter drop', `counter packets ${dropped} bytes 70 drop`)
    return command === 'ifconfig pfsync0' ? `\tsyncdev: vtnet2\n\tsyncok: ${syncOk}\n` : ''
  }
  const aim = { on: 'fw1' }

  test('are dropped alone, by what they are on the wire, while the node waits for its states', async () => {
    const { begun, healed, ready, undo } = await play('pfsync-bulk-silent', aim, toolsOver(site(0, 1)))
    expect({ begun, healed, left: tables.size }).toEqual({ begun: true, healed: true, left: 0 })
    expect(undo).toEqual([expect.stringMatching(/^nft delete table bridge firedrill_\w+ /)])
    expect(JSON.stringify(ready.params)).toMatch(/ip protocol 240 @th,0,8 5-6 @th,160,8 5"/)
  })

  test('are not believed where none was dropped, or the node has its states', async () => {
    expect((await play('pfsync-bulk-silent', aim, toolsOver(site(0, 0)))).begun).toBe(false)
    expect((await play('pfsync-bulk-silent', aim, toolsOver(site(1, 1)))).begun).toBe(false)
  })
})
