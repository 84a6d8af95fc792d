import { z } from 'zod'

const sshSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().default('root'),
  hostKey: z.string().min(1),
})

/** All that the harness knows of a hypervisor; written by a person, or by the embedded lab for itself. */
export const targetSchema = z.strictObject({
  url: z.url({ protocol: /^https$/ }),
  fingerprint: z
    .string()
    .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    .optional(),
  caFile: z.string().optional(),
  node: z.string().min(1),
  tokenEnv: z.string().optional(),
  tokenFile: z.string().optional(),
  storage: z.string().optional(),
  bridge: z.string().optional(),
  sshKeyFile: z.string().optional(),
  machines: z.record(z.string(), z.strictObject({ ssh: sshSchema })),
})

export type Target = z.output<typeof targetSchema>
