/** What a key of a property string like `virtio=BC:24:11:00:00:01,bridge=vmbr0` may hold. */
export type PropertyFormat = Readonly<
  Record<
    string,
    {
      type?: 'string' | 'boolean' | 'integer' | 'number'
      required?: boolean
      /** May be given without `key=`. */
      isDefault?: boolean
      /** Another name of this key. */
      alias?: string
      /** Setting this key says which value another key has: `virtio=MAC` is `model=virtio,macaddr=MAC`. */
      keyAlias?: string
      pattern?: RegExp
      choices?: readonly string[]
      minimum?: number
      maximum?: number
    }
  >
>

/** What was read, or one complaint per line in Proxmox VE's words. */
export type ParsedProperties = { values: Map<string, string> } | { complaint: string }

/** Reads a property string. `name` is the parameter's, for the complaints. */
export function parseProperties(name: string, text: string, format: PropertyFormat): ParsedProperties {
  const values = new Map<string, string>()
  const complaints: string[] = []
  for (const part of text.split(',').filter((each) => each !== '')) {
    const { key, value } = splitPart(part, format)
    if (key === undefined)
      return { complaint: `invalid format - value without key, but schema does not define a default key\n` }
    const rule = format[key]
    if (!rule) {
      complaints.push(
        `${name}.${key}: property is not defined in schema and the schema does not allow additional properties`,
      )
      continue
    }
    const target = rule.alias ?? key
    if (values.has(target))
      return { complaint: `invalid format - duplicate key in comma-separated list property: ${target}\n` }
    if (rule.keyAlias !== undefined) values.set(rule.keyAlias, key)
    values.set(target, value)
  }
  for (const [key, rule] of Object.entries(format)) {
    const value = values.get(key)
    const complaint = value === undefined ? missing(rule.required) : judge(value, rule)
    if (complaint !== undefined) complaints.push(`${name}.${key}: ${complaint}`)
  }
  if (complaints.length > 0) return { complaint: `invalid format - format error\n${complaints.join('\n')}\n` }
  return { values }
}

function splitPart(part: string, format: PropertyFormat): { key: string | undefined; value: string } {
  const cut = part.indexOf('=')
  if (cut > 0) return { key: part.slice(0, cut), value: part.slice(cut + 1) }
  return { key: Object.keys(format).find((key) => format[key]?.isDefault), value: part }
}

function missing(isRequired: boolean | undefined): string | undefined {
  return isRequired ? 'property is missing and it is not optional' : undefined
}

function judge(value: string, rule: PropertyFormat[string]): string | undefined {
  const { type = 'string', pattern, choices, minimum, maximum } = rule
  const isOfType = {
    string: /^/,
    boolean: /^(0|1|on|off|yes|no|true|false)$/,
    integer: /^-?\d+$/,
    number: /^-?\d+(\.\d+)?$/,
  }
  if (!isOfType[type].test(value)) return `type check ('${type}') failed - got '${value}'`
  if (pattern && !pattern.test(value)) return 'value does not match the regex pattern'
  if (choices && !choices.includes(value)) {
    return `value '${value}' does not have a value in the enumeration '${choices.join(', ')}'`
  }
  if (minimum !== undefined && Number(value) < minimum) return `value must have a minimum value of ${minimum}`
  if (maximum !== undefined && Number(value) > maximum) return `value must have a maximum value of ${maximum}`
  return undefined
}
