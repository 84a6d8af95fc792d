/** Every command, loaded when it is called: what only checks and refuses a file loads neither browser nor drawing programs. */
export const commands = {
  analyze: async () => (await import('./analyze.ts')).analyze,
  doctor: async () => (await import('./doctor.ts')).doctor,
  labDown: async () => (await import('./lab-place.ts')).labDown,
  labUp: async () => (await import('./lab-place.ts')).labUp,
  loadScenarios: async () => (await import('./loading.ts')).loadScenarios,
  plan: async () => (await import('./plan.ts')).plan,
  recover: async () => (await import('./recover.ts')).recover,
  report: async () => (await import('./analyze.ts')).report,
  run: async () => (await import('./run.ts')).run,
  schema: async () => (await import('./schema.ts')).schema,
  shell: async () => (await import('./lab-shell.ts')).shell,
  status: async () => (await import('./lab-status.ts')).status,
  validate: async () => (await import('./validate.ts')).validate,
} as const

type Loaded<Name extends keyof typeof commands> = Awaited<ReturnType<(typeof commands)[Name]>>

/** The options of a command, its second argument. */
export type OptionsOf<Name extends keyof typeof commands> = Parameters<Loaded<Name>>[1]
