/** A message may be on its way this long before its session counts as behind, and a stream's last word before it is stale, ms. */
export const underwayMs = 1000
