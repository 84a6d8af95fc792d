/** A property string of the API, `virtio=BC:24:11:00:00:01,bridge=vnet101,link_down=1`, as its parts in order. A part without `=` has an empty key. */
export type Properties = readonly (readonly [key: string, value: string])[]

export function parseProperties(text: string): Properties {
  if (text === '') return []
  return text.split(',').map((part) => {
    const at = part.indexOf('=')
    return at < 1 ? ['', part] : [part.slice(0, at), part.slice(at + 1)]
  })
}

export const formatProperties = (properties: Properties): string =>
  properties.map(([key, value]) => (key === '' ? value : `${key}=${value}`)).join(',')

/** The text with some keys changed; null removes one. All else stays, in its order; what is new comes last. */
export function editProperties(text: string, changes: Readonly<Record<string, string | null>>): string {
  const properties = parseProperties(text)
  const present = new Set(properties.map(([key]) => key))
  const kept = properties.flatMap(([key, value]): [string, string][] => {
    const change = Object.hasOwn(changes, key) ? changes[key] : value
    return change === null || change === undefined ? [] : [[key, change]]
  })
  const added = Object.entries(changes).flatMap(([key, value]): [string, string][] =>
    value === null || present.has(key) ? [] : [[key, value]],
  )
  return formatProperties([...kept, ...added])
}

/** True when both say the same, whatever the order of their parts. */
export function sameProperties(one: string, other: string): boolean {
  const normal = (text: string) => parseProperties(text).map(([key, value]) => `${key}=${value}`.toLowerCase())
  return normal(one).toSorted().join() === normal(other).toSorted().join()
}
