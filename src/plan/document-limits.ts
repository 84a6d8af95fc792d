import { Lexer } from 'yaml'

/** Largest scenario, lab or secrets file that is read at all, in characters; shipped ones have some thousand. */
export const maxDocumentLength = 100_000
/** Words, brackets, spaces and the like: what is parsed costs by their number. */
const maxTokens = 50_000
const maxDepth = 40
const maxIndent = 200

/** What a text is refused for before it is parsed, and where. */
interface Excess {
  offset: number
  message: string
}

/** Whether a text is more than any file of ours would be: in size, number of words, or depth. A look at its tokens, without building anything of them. */
export function excessOf(text: string): Excess | null {
  if (text.length > maxDocumentLength)
    return { offset: 0, message: `expected at most ${maxDocumentLength} characters, it has more` }
  const reader = { offset: 0, tokens: 0, flow: 0, indicators: 0, isLineStart: true }
  for (const token of new Lexer().lex(text)) {
    const wrong = reasonAgainst(token, reader)
    if (wrong !== null) return { offset: Math.min(reader.offset, text.length), message: wrong }
    if (!isMark(token)) reader.offset += token.length
  }
  return null
}

interface Reader {
  offset: number
  tokens: number
  /** Open brackets. */
  flow: number
  /** Dashes and question marks in a row: each opens a level. */
  indicators: number
  isLineStart: boolean
}

/** The lexer marks documents, scalars and errors by single control characters that are not in the text. */
const marks = new Set(['\u0002', '\u0018', '\u001f', '\ufeff'])
const isMark = (token: string): boolean => marks.has(token)

function reasonAgainst(token: string, reader: Reader): string | null {
  reader.tokens += 1
  if (reader.tokens > maxTokens) return `expected at most ${maxTokens} words and signs`
  const isSpace = /^[ \t]+$/.test(token)
  if (reader.isLineStart && isSpace && token.length > maxIndent)
    return `expected lines that begin within ${maxIndent} columns`
  if (token === '[' || token === '{') reader.flow += 1
  if (token === ']' || token === '}') reader.flow -= 1
  const opens = token === '-' || token === '?' || token === ':'
  if (!isSpace) reader.indicators = opens ? reader.indicators + 1 : 0
  reader.isLineStart = /[\r\n]$/.test(token)
  const depth = Math.max(reader.flow, reader.indicators)
  return depth > maxDepth ? `expected values at most ${maxDepth} levels deep` : null
}
