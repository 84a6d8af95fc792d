import { describe, expect, test } from 'vitest'
import { conductTrials } from './conduct-trials.ts'
import type { Ground, TrialTools } from './conduct-trials.ts'

type Doing = 'enter' | 'keep' | 'restore' | 'drill' | 'leave'

/** Grounds that tell everything that happens on them; `failing` says which of it fails. */
function stage(failing: (doing: Doing, what: string) => boolean = () => false) {
  const told: string[] = []
  const stop = new AbortController()
  const happen = (doing: Doing, what: string) => {
    told.push(`${doing} ${what}`.trim())
    return failing(doing, what) ? Promise.reject(new Error(`${doing} failed`)) : Promise.resolve()
  }
  const enter = async (group: readonly string[]): Promise<Ground<string>> => {
    const lab = group[0]?.slice(0, 1) ?? ''
    await happen('enter', lab)
    return {
      keep: () => happen('keep', lab),
      restore: () => happen('restore', lab),
      drill: (trial) => happen('drill', trial),
      leave: () => happen('leave', lab),
    }
  }
  const missed = (trials: readonly string[], reason: unknown) =>
    void told.push(`missed ${trials.join(' ')}: ${reason instanceof Error ? reason.message : String(reason)}`)
  const unleft = ([first]: readonly string[], reason: unknown) =>
    void told.push(`not left ${first}: ${reason instanceof Error ? reason.message : String(reason)}`)
  const lost = (trials: readonly string[], reason: unknown) =>
    void told.push(`lost for ${trials.join(' ')}: ${reason instanceof Error ? reason.message : String(reason)}`)
  return { told, stop, tools: { enter, missed, lost, unleft } }
}

const run = async ({ told, tools, stop }: ReturnType<typeof stage>, ...groups: string[][]) => {
  await conductTrials(groups, tools, 1, stop.signal)
  return told
}

describe('trials on one lab', () => {
  test('begin from the state that was kept: it is brought back before each but the first', async () => {
    expect(await run(stage(), ['a1', 'a2', 'a3'])).toEqual([
      'enter a',
      'keep a',
      'drill a1',
      'restore a',
      'drill a2',
      'restore a',
      'drill a3',
      'leave a',
    ])
  })

  test('need neither when there is only one', async () => {
    expect(await run(stage(), ['a1'])).toEqual(['enter a', 'drill a1', 'leave a'])
  })

  test('go on after one that broke off, from the kept state', async () => {
    const broken = stage((doing, what) => doing === 'drill' && what === 'a1')
    expect(await run(broken, ['a1', 'a2'])).toEqual([
      'enter a',
      'keep a',
      'drill a1',
      'missed a1: drill failed',
      'restore a',
      'drill a2',
      'leave a',
    ])
  })

  test('go on upon another lab when the state cannot be brought back', async () => {
    let restores = 0
    const once = stage((doing) => doing === 'restore' && ++restores === 1)
    expect(await run(once, ['a1', 'a2', 'a3'])).toEqual([
      'enter a',
      'keep a',
      'drill a1',
      'restore a',
      'lost for a2 a3: restore failed',
      'leave a',
      'enter a',
      'keep a',
      'drill a2',
      'restore a',
      'drill a3',
      'leave a',
    ])
  })

  test('are missed when there is no other lab either', async () => {
    let entries = 0
    const lost = stage((doing) => doing === 'restore' || (doing === 'enter' && ++entries === 2))
    expect(await run(lost, ['a1', 'a2', 'a3'])).toEqual([
      'enter a',
      'keep a',
      'drill a1',
      'restore a',
      'lost for a2 a3: restore failed',
      'leave a',
      'enter a',
      'missed a2 a3: enter failed',
    ])
  })

  test('are all missed when there is no state to begin from, and the lab is left', async () => {
    const none = stage((doing) => doing === 'keep')
    expect(await run(none, ['a1', 'a2'])).toEqual(['enter a', 'keep a', 'missed a1 a2: keep failed', 'leave a'])
  })
})

describe('several labs', () => {
  test('one that cannot be entered costs its own trials only', async () => {
    const noA = stage((doing, what) => doing === 'enter' && what === 'a')
    expect(await run(noA, ['a1', 'a2'], ['b1'])).toEqual([
      'enter a',
      'missed a1 a2: enter failed',
      'enter b',
      'drill b1',
      'leave b',
    ])
  })

  test('one that cannot be left does not keep the next from being entered', async () => {
    const stuck = stage((doing, what) => doing === 'leave' && what === 'a')
    expect(await run(stuck, ['a1'], ['b1'])).toEqual([
      'enter a',
      'drill a1',
      'leave a',
      'not left a1: leave failed',
      'enter b',
      'drill b1',
      'leave b',
    ])
  })
})

test('once interrupted, nothing more begins, and what was entered is left', async () => {
  const interrupted = stage((doing, what) => {
    if (doing === 'drill' && what === 'a1') interrupted.stop.abort(new Error('Ctrl-C'))
    return false
  })
  expect(await run(interrupted, ['a1', 'a2'], ['b1'])).toEqual([
    'enter a',
    'keep a',
    'drill a1',
    'missed a2: Ctrl-C',
    'leave a',
    'missed b1: Ctrl-C',
  ])
})

describe('labs side by side', () => {
  /** Labs whose drills last until they are let go; tells which of them are entered and not left. */
  function sideBySide(atOnce: number, groups: string[][]) {
    const standing = new Set<string>()
    const most = { labs: 0 }
    const ended: (() => void)[] = []
    const tools: TrialTools<string> = {
      enter: ([first = '']) => {
        standing.add(first)
        most.labs = Math.max(most.labs, standing.size)
        const drill = () => new Promise<void>((resolve) => void ended.push(resolve))
        return Promise.resolve({ drill, leave: () => Promise.resolve(void standing.delete(first)) })
      },
      missed: () => {},
      lost: () => {},
      unleft: () => {},
    }
    const end = conductTrials(groups, tools, atOnce, new AbortController().signal)
    return { standing, most, end, letGo: () => ended.shift()?.() }
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))

  test('are never more than asked for, and the next one is entered when one is left', async () => {
    const { standing, most, end, letGo } = sideBySide(2, [['a'], ['b'], ['c']])
    await settle()
    expect([...standing]).toEqual(['a', 'b'])
    letGo()
    await settle()
    expect([...standing]).toEqual(['b', 'c'])
    letGo()
    letGo()
    await end
    expect({ most: most.labs, left: standing.size }).toEqual({ most: 2, left: 0 })
  })
})
