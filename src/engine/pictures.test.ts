import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Fact } from '../model/event.ts'
import type { Drill } from './drill.ts'
import { takePictures } from './pictures.ts'

type Scene = Pick<Drill, 'plan' | 'recorder' | 'pictures'>

/** A drill with one step that goes a way, and pages of which that of fw2 does not open. */
function stage(via: string | undefined) {
  const facts: Fact[] = []
  const kept: string[] = []
  const { signal } = new AbortController()
  const fault = { kind: 'carp-maintenance', params: { on: '$master', ...(via && { via }) } }
  const drill = {
    plan: { lab: { pair: { primary: 'fw1', secondary: 'fw2' } }, steps: [{ fault }] },
    recorder: { record: (fact: Fact) => void facts.push(fact), events: [] },
    pictures: {
      pages: {
        carpStatus: (node: string) =>
          node === 'fw1' ? Promise.resolve(Buffer.from('png')) : Promise.reject(new Error('no browser')),
      },
      keep: (file: string) => Promise.resolve(void kept.push(file)),
    },
  }
  return { facts, kept, take: () => takePictures(asDrill(drill), 'before', signal) }
}

function asDrill(scene: object): Drill {
  const isDrill = (value: object): value is Scene & Drill => 'plan' in value
  if (!isDrill(scene)) throw new Error('no drill')
  return scene
}

test('a drill by the WebGUI keeps a picture of each node, and records one that cannot be made as a problem', async () => {
  const { facts, kept, take } = stage('webgui')
  await take()
  expect(kept).toEqual(['carp-fw1-before.png'])
  const sha256 = createHash('sha256').update('png').digest('hex')
  expect(facts).toContainEqual({ type: 'picture', node: 'fw1', phase: 'before', file: 'carp-fw1-before.png', sha256 })
  const message = 'no picture of its CARP status page: no browser'
  expect(facts).toContainEqual({ type: 'problem', where: 'fw2', message })
  expect(facts).toHaveLength(2)
})

test('a drill by any other way takes none', async () => {
  const { facts, kept, take } = stage(undefined)
  await take()
  expect([facts, kept]).toEqual([[], []])
})
