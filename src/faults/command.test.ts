import { expect, test } from 'vitest'
import { command } from './command.ts'
import { toolsOver } from './fake-site.fixture.ts'
import type { FaultTools } from './fault.ts'

const params = {
  on: 'fw1',
  run: 'pfctl -d',
  proof: 'pfctl -si | grep Disabled',
  undo: 'pfctl -e',
  undone: 'pfctl -si | grep Enabled',
}
const aim = { machines: ['fw1'], params }

const toolsOn = (answers: Record<string, string>, ran: string[] = []): FaultTools =>
  toolsOver((machine, text) => {
    ran.push(`${machine}: ${text}`)
    const answer = answers[text]
    if (answer === undefined) throw new Error(`${machine} failed a command with exit code 1`)
    return answer
  })

test('it is believed when its proof succeeds, and healed when the proof of that does', async () => {
  const ran: string[] = []
  const tools = toolsOn(
    { 'pfctl -d': '', [params.proof]: 'Status: Disabled\n', 'pfctl -e': '', [params.undone]: '' },
    ran,
  )
  await command.begin(aim, tools)
  expect(await command.verifyBegun(aim, tools)).toEqual({
    proven: true,
    evidence: 'fw1: "pfctl -si | grep Disabled" succeeds and says "Status: Disabled"',
  })
  await command.heal(aim, tools)
  expect(await command.verifyHealed(aim, tools)).toMatchObject({ proven: true })
  expect(ran).toEqual([params.run, params.proof, params.undo, params.undone].map((text) => `fw1: ${text}`))
})

test('a proof that fails is no proven fault', async () => {
  expect(await command.verifyBegun(aim, toolsOn({ 'pfctl -d': '' }))).toEqual({
    proven: false,
    evidence: 'fw1 failed a command with exit code 1',
  })
})

test('commands that are known to do nothing are refused with the right one', () => {
  const given = command.params.safeParse({ ...params, run: 'pfSsh.php playback svc stop carp' })
  expect(given.error?.issues[0]?.message).toContain('use pfSsh.php playback disablecarp')
  expect(command.params.safeParse(params).success).toBe(true)
})
