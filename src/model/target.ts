import { z } from 'zod'
import { nameSchema } from './name.ts'
import { stopSchema } from './scenario.ts'

const sshSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().default('root'),
  hostKey: z.string().min(1),
  /** Reached through the hypervisor's node (`nodeSsh`) instead of directly. */
  via: z.literal('node').optional(),
})

/** A firewall's HTTPS. Without a fingerprint it is learnt over SSH, which is pinned. */
const apiSchema = z.strictObject({
  url: z.url({ protocol: /^https$/ }),
  fingerprint: z
    .string()
    .regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    .optional(),
  /** Lines `key=`, `secret=` (as downloaded from OPNsense), `user=`, `password=`; for its owner only. */
  credentialsFile: z.string().optional(),
})

/** Machines that exist already and are only borrowed: nothing of them is provisioned or deleted, and no others are touched. */
const attachSchema = z.strictObject({
  /** The cluster's name as `GET /cluster/status` says it; of a single node, the node's own. */
  cluster: z.string().min(1),
  machines: z.record(nameSchema, z.strictObject({ vmid: z.int().min(100).max(999_999_999) })),
  /** Machines that run the echo service and let the lab's client in by SSH; sessions are held with these only. */
  reflectors: z.array(nameSchema).default([]),
  /** What halts and heals every drill here, by the names of the scenario's probes; those that a scenario has not are refused. */
  stop: z.array(stopSchema).optional(),
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
  /** A login with a password instead of a token: `USER@REALM`, and the environment variable that holds its password. */
  auth: z.strictObject({ user: z.string().regex(/^[^\s@]+@[^\s@!]+$/), passwordEnv: z.string().min(1) }).optional(),
  storage: z.string().optional(),
  bridge: z.string().optional(),
  /** Storage that holds ISO images; `storage` where absent. */
  isoStorage: z.string().optional(),
  /** First VMID of the lab's range, 10 for each instance; 9100 where absent. */
  firstVmid: z.int().min(100).max(999_999_000).optional(),
  sshKeyFile: z.string().optional(),
  /** SSH to the node itself, for labs whose management is `via: node`. */
  nodeSsh: sshSchema.optional(),
  /** SSH to the cluster's further nodes, by their names, for what is seen and cut at their bridges. */
  nodes: z.record(z.string(), z.strictObject({ ssh: sshSchema })).optional(),
  attach: attachSchema.optional(),
  machines: z.record(z.string(), z.strictObject({ ssh: sshSchema, api: apiSchema.optional() })),
})

/** How a machine is reached over SSH. */
export type SshAccess = z.output<typeof sshSchema>
export type Attachment = z.output<typeof attachSchema>
export type Target = z.output<typeof targetSchema>
