/** Type-aware lint. The import rules come from the tables in `.ci/layers.ts`. A later override replaces a rule as a whole. */
import { hiddenInputs, ioBuiltins, ioGlobals, ioPackages, layers } from './.ci/layers.ts'

const mains = [
  'src/cli.ts',
  'src/drivers/hypervisor/proxmox/contract/main.ts',
  'lab/**/main.ts',
  'lab/**/main.mjs',
  '.ci/**/main.ts',
]
const tests = ['**/*.test.ts', '**/*.fixture.ts', '**/fixture/**/*.ts']

const exits = ['exit', 'exitCode', 'abort'].map((property) => ({
  object: 'process',
  property,
  message: 'Return a code or throw: src/cli.ts alone ends the harness, and the main files end the programs of the lab.',
}))
const inputs = hiddenInputs.map(([object, property]) => ({ object, property, message: 'Pass it in as a value.' }))

const strict = {
  'eslint/max-lines': ['error', { max: 200 }],
  'eslint/max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  'eslint/no-console': 'error',
  'eslint/no-restricted-properties': ['error', ...exits],
  'eslint/no-var': 'error',
  'eslint/prefer-const': 'error',
  'eslint/eqeqeq': 'error',
  'import/no-cycle': 'error',
  'import/no-default-export': 'error',
  'import/no-dynamic-require': 'error',
  'import/no-self-import': 'error',
  'import/no-unassigned-import': 'error',
  'import/no-duplicates': 'error',
  'unicorn/filename-case': ['error', { case: 'kebabCase' }],
  'unicorn/no-process-exit': 'error',
  'unicorn/prefer-node-protocol': 'error',
  'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
  'typescript/no-deprecated': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-floating-promises': 'error',
  'typescript/no-misused-promises': 'error',
  'typescript/no-non-null-assertion': 'error',
  'typescript/no-unsafe-argument': 'error',
  'typescript/no-unsafe-assignment': 'error',
  'typescript/no-unsafe-call': 'error',
  'typescript/no-unsafe-function-type': 'error',
  'typescript/no-unsafe-member-access': 'error',
  'typescript/no-unsafe-return': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/prefer-promise-reject-errors': 'error',
  'typescript/switch-exhaustiveness-check': 'error',
  // Roles are object literals over closures: their methods do not need `this`, and helpers may stay beside their use.
  'typescript/unbound-method': 'off',
  'unicorn/consistent-function-scoping': 'off',
  'unicorn/no-array-sort': 'off',
  'import/no-named-as-default-member': 'off',
  'typescript/use-unknown-in-catch-callback-variable': 'error',
}

/** Says no to imports from folders of the same tree; `(../)+name/` is how every import between folders is written. */
function foldersPattern(names: string[], message: string) {
  return { regex: `^(\\./)?(\\.\\./)+(${names.join('|')})(/|\\.[mc]?[jt]s$)`, message }
}

function packagesPattern(names: string[], message: string) {
  return { regex: `^(${names.join('|')})(/|$)`, message }
}

/** The packages that `folder` may not import: all that are given to other folders. */
function foreignPackages(folder: string) {
  const homes = Object.entries(ioPackages).filter(([, folders]) => !folders.some((home) => isInside(folder, home)))
  return homes.map(([name, folders]) => packagesPattern([name], `${name} belongs in ${folders.join(' and ')} only.`))
}

function isInside(folder: string, home: string) {
  return folder === home || folder.startsWith(`${home}/`)
}

const otherSide = {
  src: foldersPattern(['lab'], 'src and lab meet only on the wire.'),
  lab: foldersPattern(['src'], 'src and lab meet only on the wire.'),
}

/** Lines are read and written by src/recording alone: to the others an event is a type, and the line module is closed. */
const format = [
  { regex: '/model/event\\.ts$', importNames: ['eventSchema'], message: 'Only src/recording parses events.' },
  { regex: '/recording/line\\.ts$', message: 'Only src/recording knows its format.' },
]

function imports(files: string[], patterns: object[]) {
  return { files, rules: { 'eslint/no-restricted-imports': ['error', { patterns }] } }
}

function layerPatterns(name: string) {
  const layer = layers[name] ?? { imports: [] }
  const closed = Object.keys(layers).filter((other) => other !== name && !layer.imports.includes(other))
  const builtins = packagesPattern([`(node:)?(${ioBuiltins.join('|')})`], `src/${name} is pure: no IO.`)
  return [
    otherSide.src,
    ...(closed.length > 0 ? [foldersPattern(closed, `src/${name} may not import this folder of src.`)] : []),
    foldersPattern(['cli'], 'Nothing imports the entry file.'),
    ...(layer.pure ? [builtins] : []),
    ...(name === 'recording' ? [] : format),
  ]
}

const layerOverrides = Object.keys(layers).map((name) =>
  imports([`src/${name}/**/*.{ts,mjs}`], [...layerPatterns(name), ...foreignPackages(`src/${name}`)]),
)

const homes = [...new Set(Object.values(ioPackages).flat())]
const homeOverrides = homes.map((home) => {
  const layer = home.startsWith('src/') ? layerPatterns(home.split('/')[1] ?? '') : [otherSide.lab]
  return imports([`${home}/**/*.{ts,mjs}`], [...layer, ...foreignPackages(home)])
})

const pureOverride = {
  files: Object.keys(layers).flatMap((name) => (layers[name]?.pure ? [`src/${name}/**/*.{ts,mjs}`] : [])),
  rules: {
    'eslint/no-restricted-globals': ['error', { globals: ioGlobals, checkGlobalObject: true }],
    'eslint/no-restricted-properties': ['error', ...exits, ...inputs],
  },
}

const testOverride = {
  files: tests,
  rules: {
    'eslint/max-lines': 'off',
    'eslint/max-lines-per-function': 'off',
    'eslint/no-restricted-globals': 'off',
    'eslint/no-restricted-properties': 'off',
  },
}

/** `**\/x` -> `src/**\/x` */
function prefix(side: string, globs: string[]) {
  return globs.map((glob) => `${side}/${glob}`)
}

const config = {
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  env: { node: true, es2024: true },
  ignorePatterns: ['dist', 'reports'],
  rules: strict,
  overrides: [
    imports(['src/*.ts'], [otherSide.src, ...format, ...foreignPackages('src/commands')]),
    imports(['lab/**/*.{ts,mjs}'], [otherSide.lab, ...foreignPackages('lab')]),
    ...layerOverrides,
    ...homeOverrides,
    pureOverride,
    { files: ['src/commands/**/*.ts', 'src/cli.ts', '.ci/**/*.ts'], rules: { 'eslint/no-console': 'off' } },
    { files: mains, rules: { 'eslint/no-restricted-properties': 'off', 'unicorn/no-process-exit': 'off' } },
    testOverride,
    imports(prefix('src', tests), [otherSide.src]),
    imports(prefix('lab', tests), [otherSide.lab]),
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
}

export default config
