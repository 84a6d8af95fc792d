import { z } from 'zod'

/** A name in a scenario or lab file: letters, digits and dashes, at most 40, so that it is safe in paths, VM names and reports. */
export const nameSchema = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,39}$/, {
  error: 'expected a name of letters, digits and dashes that starts with a letter (at most 40)',
})

/** A machine by name, or by role (`$master`, `$backup`, `$primary`, `$secondary`), resolved when the fault begins. */
export const machineRefSchema = z.string().regex(/^\$?[a-zA-Z][a-zA-Z0-9-]{0,39}$/, {
  error: 'expected a machine name or one of $master, $backup, $primary, $secondary',
})

/** The roles that a fault may aim at. `$master` and `$backup` are read from the pair at injection. */
export const roles = ['$master', '$backup', '$primary', '$secondary'] as const
export type Role = (typeof roles)[number]
