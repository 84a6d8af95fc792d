import { z } from 'zod'

const ownerSchema = z.object({
  owner: z.string(),
  pid: z.int(),
  since: z.string(),
})

/** Who made a lab: `user@host`, process and time (ISO); kept as the comment of the lab's pool. */
export type LabOwner = z.output<typeof ownerSchema>

/** The comment of a pool; it is never longer than the 255 characters that everybody can read. */
export const ownerComment = ({ owner, pid, since }: LabOwner): string => JSON.stringify({ owner, pid, since })

/** The owner that a pool's comment names; null where it names none. */
export function readOwner(comment: string): LabOwner | null {
  try {
    const parsed = ownerSchema.safeParse(JSON.parse(comment))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** `anna@desk (process 4711) since 2026-01-02T03:04:05Z`, or what else is known. */
export function ownerText(comment: string): string {
  const owner = readOwner(comment)
  if (owner === null) return comment === '' ? 'somebody who left no name' : `"${comment}"`
  return `${owner.owner} (process ${owner.pid}) since ${owner.since}`
}
