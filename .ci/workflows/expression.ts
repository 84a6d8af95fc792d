/** What expressions may name: `inputs`, `steps`, `needs` and so on, nested. */
export type Contexts = Readonly<Record<string, unknown>>

type Functions = Readonly<Record<string, (value: unknown) => unknown>>

const token = /\s*('(?:[^']|'')*'|[a-zA-Z_][\w-]*(?:\.[a-zA-Z_][\w-]*)*|\d+|==|!=|&&|\|\||[!()])/y

/** A text with every `${{ }}` in it replaced by its value, as a runner does it. Throws on what these workflows do not use. */
export function filledIn(text: string, contexts: Contexts, functions: Functions = {}): string {
  return text.replaceAll(/\$\{\{([^]*?)\}\}/g, (_, expression: string) =>
    textOf(valueOf(expression, contexts, functions)),
  )
}

/** The value of one expression: names, texts, numbers, `== != && || !`, brackets, and the functions given besides `fromJSON`. */
export function valueOf(expression: string, contexts: Contexts, functions: Functions = {}): unknown {
  const known: Functions = { fromJSON: (text): unknown => JSON.parse(textOf(text)), ...functions }
  const reading: Reading = { expression, left: tokensOf(expression), contexts, known }
  const value = valueOfOr(reading)
  if (reading.left.length > 0) throw new Error(`expected the end of "${expression}", got ${reading.left.join(' ')}`)
  return value
}

/** An expression of which `left` is still to be read. */
interface Reading {
  expression: string
  left: string[]
  contexts: Contexts
  known: Functions
}

function valueOfOr(reading: Reading): unknown {
  const value = valueOfAnd(reading)
  if (!takes(reading, '||')) return value
  const other = valueOfOr(reading)
  return isTrue(value) ? value : other
}

function valueOfAnd(reading: Reading): unknown {
  const value = valueOfComparison(reading)
  if (!takes(reading, '&&')) return value
  const other = valueOfAnd(reading)
  return isTrue(value) ? other : value
}

function valueOfComparison(reading: Reading): unknown {
  const value = valueOfOne(reading)
  if (takes(reading, '==')) return textOf(value) === textOf(valueOfOne(reading))
  if (takes(reading, '!=')) return textOf(value) !== textOf(valueOfOne(reading))
  return value
}

function valueOfOne(reading: Reading): unknown {
  if (takes(reading, '!')) return !isTrue(valueOfOne(reading))
  if (takes(reading, '(')) return closed(reading, valueOfOr(reading))
  const word = reading.left.shift() ?? ''
  if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'")
  if (/^\d/.test(word)) return Number(word)
  return takes(reading, '(') ? called(reading, word) : named(word, reading.contexts)
}

function called(reading: Reading, name: string): unknown {
  const call = reading.known[name]
  if (call === undefined) throw new Error(`expected a known function in "${reading.expression}", got ${name}`)
  return call(takes(reading, ')') ? undefined : closed(reading, valueOfOr(reading)))
}

function takes({ left }: Reading, wanted: string): boolean {
  if (left[0] !== wanted) return false
  left.shift()
  return true
}

function closed(reading: Reading, value: unknown): unknown {
  if (!takes(reading, ')')) throw new Error(`expected a closing bracket in "${reading.expression}"`)
  return value
}

function tokensOf(expression: string): string[] {
  const found: string[] = []
  const text = expression.trim()
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match?.[1] === undefined) throw new Error(`expected an expression, got "${expression}"`)
    found.push(match[1])
  }
  return found
}

/** What nobody has set is empty, as for a runner. */
function named(path: string, contexts: Contexts): unknown {
  let value: unknown = contexts
  for (const name of path.split('.')) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value ?? ''
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isTrue = (value: unknown) => value !== '' && value !== false && value !== 0

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))
