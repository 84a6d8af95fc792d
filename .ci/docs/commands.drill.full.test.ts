import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedLab } from '../../src/commands/embedded-lab.ts'
import { readTarget } from '../../src/commands/target-file.ts'
import type { EmbeddedLab } from '../../src/commands/embedded-lab.ts'
import { makeWorkspace } from '../workspace.ts'
import type { Workspace } from '../workspace.ts'
import { commandsOf } from './blocks.ts'
import { commandBlocks, putFiles, typeBlock } from './run-page.ts'

const topology = join(import.meta.dirname, '../../lab/topologies/opnsense-single-wan.yaml')
const ours = commandBlocks().filter(({ runner }) => runner === 'test:full')
const byPage = Map.groupBy(ours, ({ page }) => page)

describe.each([...byPage])('%s', (page, blocks) => {
  const place: { workspace?: Workspace; hypervisor?: EmbeddedLab } = {}

  beforeAll(async () => {
    place.workspace = makeWorkspace()
    putFiles(page, place.workspace)
    if (!blocks.some(({ target }) => target)) return
    place.hypervisor = await startEmbeddedLab(topology, [], 1)
    // As a person writes it: no machine is known beforehand.
    const target = await readTarget(place.hypervisor.targetFile)
    writeFileSync(join(place.workspace.folder, 'target.json'), JSON.stringify({ ...target, machines: {} }))
  })
  afterAll(async () => {
    await place.hypervisor?.stop()
    place.workspace?.remove()
  })

  test.each(blocks.map((block) => [commandsOf(block).join('; '), block] as const))('%s', (_, block) => {
    if (place.workspace === undefined) throw new Error('no workspace')
    const { code, said } = typeBlock(block, place.workspace)
    expect({ code, said: code === block.code ? '' : said }).toEqual({ code: block.code, said: '' })
  })
})
