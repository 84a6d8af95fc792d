import { hiddenInputs, ioBuiltins, ioGlobals, ioPackages, layers } from './layers.ts'
import type { Plant } from './planted-tree.ts'

const imports = 'no-restricted-imports'
const pure = Object.keys(layers).filter((name) => layers[name]?.pure)

/** Every pair of folders whose import is closed, in the direction in which it is closed. */
const betweenFolders = Object.entries(layers).flatMap(([from, layer]) =>
  Object.keys(layers)
    .filter((to) => to !== from && !layer.imports.includes(to))
    .map((to) => refuse(imports, `src/${from}/imports-${to}.ts`, `import '../${to}/thing.ts'`)),
)

const betweenSides = [
  ...Object.keys(layers).map((name) => refuse(imports, `src/${name}/sees-lab.ts`, fromLab('../../lab'))),
  refuse(imports, 'src/cli.ts', fromLab('../lab')),
  refuse(imports, 'src/engine/sees-lab.test.ts', fromLab('../../lab')),
  refuse(imports, 'src/drivers/shell/ssh/sees-lab.ts', fromLab('../../../../lab')),
  refuse(imports, 'lab/embedded/sees-src.ts', `import '../../src/model/thing.ts'`),
  refuse(imports, 'lab/setup/sees-src.mjs', `import '../../src/model/thing.ts'`),
  refuse(imports, 'lab/build/sees-src.ts', `import '../../src/model/thing.ts'`),
  refuse(imports, 'lab/embedded/sees-src.test.ts', `import '../../src/model/thing.ts'`),
  refuse(imports, 'src/commands/sees-cli.ts', `import '../cli.ts'`),
]

const format = Object.keys(layers)
  .filter((name) => name !== 'recording')
  .flatMap((name) => [
    refuse(
      imports,
      `src/${name}/parses-events.ts`,
      `import { eventSchema } from '../model/event.ts'\nvoid eventSchema`,
    ),
    refuse(imports, `src/${name}/reads-lines.ts`, `import { fromLine } from '../recording/line.ts'\nvoid fromLine`),
  ])

const io = pure.flatMap((name) => [
  ...ioBuiltins.map((module) => refuse(imports, `src/${name}/node-${module}.ts`, `import 'node:${module}'`)),
  refuse(imports, `src/${name}/bare-fs.ts`, `import { readFileSync } from 'fs'\nreadFileSync('x')`),
  refuse(imports, `src/${name}/fs-promises.ts`, `import 'node:fs/promises'`),
  refuse(imports, `src/${name}/dynamic.ts`, `await import('node:fs')`),
  ...ioGlobals.map((global) => refuse('no-restricted-globals', `src/${name}/global-${global}.ts`, `void ${global}`)),
  refuse('no-restricted-globals', `src/${name}/global-this.ts`, 'void globalThis.process'),
  ...hiddenInputs.map(([object, property]) =>
    refuse('no-restricted-properties', `src/${name}/${object}-${property}.ts`, `void ${object}.${property}`),
  ),
])

/** Each IO package, planted in every folder of the harness that is not its home, and beside its home. */
const packages = Object.entries(ioPackages).flatMap(([name, homes]) =>
  Object.keys(layers)
    .filter((layer) => !homes.includes(`src/${layer}`))
    .map((layer) => refuse(imports, `src/${layer}/package-${name}.ts`, `import '${name}'`)),
)

const homes = [...new Set(Object.values(ioPackages).flat())]
const strangers = homes.flatMap((home) =>
  Object.keys(ioPackages)
    .filter((name) => !ioPackages[name]?.some((folder) => home === folder || home.startsWith(`${folder}/`)))
    .map((name) => refuse(imports, `${home}/package-${name}.ts`, `import '${name}'`)),
)

const everywhere = [
  refuse('no-restricted-properties', 'src/engine/exit.ts', 'process.exit(1)'),
  refuse('no-process-exit', 'src/engine/exits.ts', 'process.exit(1)'),
  refuse('no-restricted-properties', 'src/commands/exit-code.ts', 'process.exitCode = 1'),
  refuse('no-restricted-properties', 'lab/embedded/exit-code.ts', 'process.exitCode = 1'),
  refuse('no-console', 'src/engine/console.ts', `console.log('x')`),
  refuse('no-console', 'src/drivers/console.ts', `console.log('x')`),
  refuse('no-console', 'lab/embedded/console.ts', `console.log('x')`),
  refuse('no-unassigned-import', 'src/engine/side-effect.ts', `import './registry.ts'`),
  refuse('no-default-export', 'src/engine/default.ts', 'export default 1'),
  refuse('no-cycle', 'src/engine/cycle-a.ts', `import { b } from './cycle-b.ts'\nexport const a = (): number => b()`),
  refuse('no-cycle', 'src/engine/cycle-b.ts', `import { a } from './cycle-a.ts'\nexport const b = (): number => a()`),
  refuse('max-lines', 'src/engine/long.ts', 'export {}\n'.repeat(201)),
  refuse('max-lines-per-function', 'src/engine/tall.ts', `export function tall() {\n${'  void 0\n'.repeat(41)}}`),
  refuse('filename-case', 'src/engine/camelCase.ts', 'export {}'),
  refuse('no-explicit-any', 'src/engine/any.ts', 'export const x: any = 1'),
  refuse('no-unsafe-assignment', 'src/engine/unsafe.ts', `export const x = JSON.parse('1')`),
  refuse('no-unsafe-member-access', 'src/engine/member.ts', `export const x: unknown = JSON.parse('1').x`),
  refuse('no-unsafe-call', 'src/engine/call.ts', `JSON.parse('1')()`),
  refuse('no-unsafe-return', 'src/engine/return.ts', `export function f() { return JSON.parse('1') }`),
  refuse('no-unsafe-argument', 'src/engine/argument.ts', `export const x = Number.parseInt(JSON.parse('1'))`),
  refuse('consistent-type-assertions', 'src/engine/as.ts', `export const x = JSON.parse('1') as number`),
  refuse('no-non-null-assertion', 'src/engine/bang.ts', 'export const x = process.env["X"]!.length'),
  refuse('no-floating-promises', 'src/engine/floating.ts', 'export async function f() {}\nf()'),
  refuse('no-misused-promises', 'src/engine/misused.ts', 'export async function f() {}\nif (f()) process.chdir("/")'),
  refuse('only-throw-error', 'src/engine/throw.ts', `throw 'x'`),
  refuse(
    'switch-exhaustiveness-check',
    'src/engine/switch.ts',
    `export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1 } return 2 }`,
  ),
]

/** One violation of each rule; lint has to refuse each with that rule. */
export const refused = [...betweenFolders, ...betweenSides, ...format, ...io, ...packages, ...strangers, ...everywhere]

/** What the rules allow: every open direction between folders, and each package at home. */
export const welcome: Plant[] = [
  ...Object.entries(layers).flatMap(([from, layer]) =>
    layer.imports.map((to) => accept(`src/${from}/sees-${to}.ts`, use(`../${to}/thing.ts`))),
  ),
  ...Object.keys(layers).map((name) => accept(`src/${name}/thing.ts`, 'export const thing = 1')),
  ...Object.entries(ioPackages).flatMap(([name, folders]) =>
    folders.map((folder) => accept(`${folder}/at-home-${name}.ts`, `export * as thing from '${name}'`)),
  ),
  ...pure.map((name) => accept(`src/${name}/computes.ts`, `export { join } from 'node:path'`)),
  accept('src/model/event.ts', 'export const eventSchema = 1\nexport type Event = number'),
  accept('src/recording/parses-events.ts', `export { eventSchema } from '../model/event.ts'`),
  accept('src/engine/sees-events.ts', `import type { Event } from '../model/event.ts'\nexport type Seen = Event`),
  accept('src/engine/as-const.ts', `export const x = ['a'] as const`),
  accept('src/model/reads-file.test.ts', `import { readFileSync } from 'node:fs'\nexport const x = readFileSync('x')`),
  accept('lab/embedded/main.ts', 'process.exitCode = 1'),
]

function refuse(rule: string, file: string, code: string): Plant {
  return { rule, file, code }
}

function accept(file: string, code: string): Plant {
  return { file, code }
}

function fromLab(lab: string) {
  return use(`${lab}/embedded/thing.ts`)
}

function use(module: string) {
  return `import { thing } from '${module}'\nexport const used = thing`
}
