/** The lab and instance that an instance's name stands for: `x-i2` is instance 2 of `x`, `x` its instance 0. */
export function splitLabel(label: string): { lab: string; instance: number } {
  const match = /^(.+)-i(\d+)$/.exec(label)
  return match === null ? { lab: label, instance: 0 } : { lab: match[1] ?? label, instance: Number(match[2]) }
}
