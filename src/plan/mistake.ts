/** Where in a file something is wrong: keys and indices from the document's root. */
export type DocumentPath = readonly PropertyKey[]

/** One thing wrong in a document. `at` says whether the key itself or its value is meant. */
export interface Mistake {
  path: DocumentPath
  at: 'key' | 'value'
  message: string
}

/** A mistake with its position, ready to print. */
export interface PlacedMistake {
  file: string
  line: number
  column: number
  message: string
}

/** `file:line:column: message`, the form that editors and CI logs make clickable. */
export const formatMistake = (mistake: PlacedMistake): string =>
  `${mistake.file}:${mistake.line}:${mistake.column}: ${harmless(mistake.message)}`

const maxMessage = 400

/** Files quote themselves in messages: neither may they move the cursor of a terminal, nor fill it. */
function harmless(text: string): string {
  const shown = text.length > maxMessage ? `${text.slice(0, maxMessage)}...` : text
  return shown.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`)
}
