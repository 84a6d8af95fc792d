import { printable } from '../printable.ts'

/** Text that is HTML already. Only `html` and `trusted` make it, so nothing reaches a page unescaped by accident. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand between the tags: text and numbers are escaped, markup is kept, lists are joined, null is nothing. */
type Insert = Markup | string | number | null | readonly Insert[]

/** A template whose insertions are escaped: html`<p>${words}</p>`. Safe in text and in double-quoted attributes. */
export const html = (parts: TemplateStringsArray, ...inserts: readonly Insert[]): Markup =>
  new Markup(parts.reduce((sum, part, index) => `${sum}${render(inserts[index - 1] ?? null)}${part}`))

/** Marks text made by this project (a drawing, a style sheet) as HTML. Never for text from a recording. */
export const trusted = (text: string): Markup => new Markup(text)

/** `&`, `<`, `>` and both quotes as character references; unprintable characters replaced. */
export const escapeHtml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (sign) => references[sign] ?? sign)

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function render(insert: Insert): string {
  if (insert === null) return ''
  if (insert instanceof Markup) return insert.text
  if (typeof insert === 'object') return insert.map(render).join('')
  return escapeHtml(String(insert))
}
