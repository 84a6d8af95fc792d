/**
 * The import rules of the project as data: who may import whom, and which package belongs where.
 * `oxlint.config.ts` turns them into lint rules; `import-rules.test.ts` plants a violation of each.
 */

/** A folder of `src/`: the folders it may import besides itself, and whether it is free of IO. */
interface Layer {
  imports: string[]
  pure?: boolean
}

const all = 'model carp plan engine recording ports drivers faults probes analysis checks reporters'.split(' ')

export const layers: Record<string, Layer> = {
  model: { imports: [], pure: true },
  ports: { imports: ['model'] },
  carp: { imports: ['model'], pure: true },
  plan: { imports: ['model', 'ports', 'carp'], pure: true },
  analysis: { imports: ['model', 'carp'], pure: true },
  checks: { imports: ['model', 'analysis'], pure: true },
  reporters: { imports: ['model', 'analysis', 'checks'], pure: true },
  recording: { imports: ['model', 'ports'] },
  faults: { imports: ['model', 'ports'] },
  probes: { imports: ['model', 'ports'] },
  engine: { imports: ['model', 'plan', 'analysis', 'ports', 'faults', 'probes', 'recording'] },
  drivers: { imports: ['model', 'ports'] },
  commands: { imports: all },
}

/** Packages that do IO, and the folders in which alone each may be imported. */
export const ioPackages: Record<string, string[]> = {
  undici: ['src/drivers/http'],
  'node-ssh': ['src/drivers/shell/ssh'],
  ssh2: ['src/drivers/shell/ssh'],
  execa: ['src/drivers/shell/local', 'lab'],
  ping: ['src/drivers/reachability'],
  playwright: ['src/drivers/browser/playwright'],
  zx: ['lab/build'],
  selfsigned: ['lab', 'src/commands'],
  commander: ['src/commands'],
  'log-update': ['src/commands'],
}

/** Node modules that touch the world; pure folders import none. `node:path`, `node:util` and `node:crypto` only compute. */
const builtins =
  'child_process cluster dgram dns fs http http2 https inspector module net os perf_hooks process readline repl sqlite stream test timers tls tty worker_threads'

export const ioBuiltins = builtins.split(' ')

/** Globals that touch the world, the clock or the terminal; pure folders get them as values. */
const globals =
  'process console fetch WebSocket EventSource performance require setTimeout setInterval setImmediate queueMicrotask'

export const ioGlobals = globals.split(' ')

/** Hidden inputs: the same arguments would not give the same result. */
export const hiddenInputs: [object: string, property: string][] = [
  ['Date', 'now'],
  ['Math', 'random'],
  ['crypto', 'randomUUID'],
  ['crypto', 'getRandomValues'],
]
