import { distance } from 'fastest-levenshtein'

/** Longer words are no names of ours, and are not compared with them. */
const maxName = 80

/** The valid name that a mistyped one most likely meant, or null where none is near enough to be helpful. */
export function nearestName(given: string, valid: readonly string[]): string | null {
  if (given.length > maxName) return null
  const ranked = valid
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(2, Math.ceil(given.length / 2)) ? best.name : null
}

/** `expected a machine of the lab, got "clinet"; did you mean "client"?`, with the list of names where none is near. */
export function unknownName(what: string, given: string, valid: readonly string[]): string {
  const nearest = nearestName(given, valid)
  const advice = nearest === null ? `known: ${valid.join(', ') || 'none'}` : `did you mean "${nearest}"?`
  return `expected ${what}, got "${shortened(given)}"; ${advice}`
}

/** A text of a file as a message quotes it. */
export const shortened = (text: string): string => (text.length > maxName ? `${text.slice(0, maxName)}...` : text)
