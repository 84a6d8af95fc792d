/** An XML element as a configuration file uses it: other elements, or text without the blanks around it. */
export type XmlElement = {
  name: string
  attributes: Readonly<Record<string, string>>
  /** In the order of the file. */
  children: readonly XmlElement[]
  text: string
}

/** The text is no XML of the subset; the message names the line. */
export class XmlError extends Error {
  override name = 'XmlError'
}

const deepest = 64
const longest = 8 * 1024 * 1024

/**
 * Parses the subset of XML 1.0 that configurations need: elements, attributes, text, CDATA, comments, instructions, the five
 * named entities and numbered ones. A DOCTYPE is refused, so nothing expands and nothing is fetched. Throws XmlError.
 */
export function parseXml(text: string): XmlElement {
  return new Reader(text).document()
}

const blanks = /\s*/y
const instruction = /<\?[^]*?\?>/y
const comment = /<!--[^]*?-->/y
const cdata = /<!\[CDATA\[([^]*?)\]\]>/y
const openTag = /<([A-Za-z_][\w.:-]*)/y
const closeTag = /<\/([A-Za-z_][\w.:-]*)\s*>/y
const attribute = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y
const tagEnd = /\s*(\/?)>/y
const characters = /[^<]+/y

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    if (text.length > longest) throw new XmlError(`expected at most ${longest} characters, got ${text.length}`)
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text
  }

  document(): XmlElement {
    this.#skipProlog()
    const root = this.#element(1)
    this.#skipProlog()
    return this.#at === this.#text.length ? root : this.#refuse('the end of the file')
  }

  #skipProlog(): void {
    while (this.#take(instruction) ?? this.#take(comment) ?? this.#take(blanks)?.[0]);
  }

  #element(depth: number): XmlElement {
    if (depth > deepest) this.#refuse(`at most ${deepest} elements in each other`)
    const name = this.#take(openTag)?.[1] ?? this.#refuse('an element')
    const attributes = this.#attributes()
    const end = this.#take(tagEnd) ?? this.#refuse(`the end of the tag <${name}>`)
    if (end[1] === '/') return { name, attributes, children: [], text: '' }
    return { name, attributes, ...this.#content(name, depth) }
  }

  #attributes(): Record<string, string> {
    const found: [string, string][] = []
    for (let next = this.#take(attribute); next !== undefined; next = this.#take(attribute)) {
      found.push([next[1] ?? '', this.#decode(next[2] ?? next[3] ?? '')])
    }
    return Object.fromEntries(found)
  }

  #content(name: string, depth: number): Pick<XmlElement, 'children' | 'text'> {
    const children: XmlElement[] = []
    const pieces: string[] = []
    for (;;) {
      const close = this.#take(closeTag)
      if (close !== undefined) {
        if (close[1] !== name) this.#refuse(`</${name}>`)
        return { children, text: pieces.join('').trim() }
      }
      const plain = this.#take(characters)
      const literal = plain ?? this.#take(cdata)
      if (plain !== undefined) pieces.push(this.#decode(plain[0]))
      else if (literal !== undefined) pieces.push(literal[1] ?? '')
      else if ((this.#take(comment) ?? this.#take(instruction)) === undefined) children.push(this.#element(depth + 1))
    }
  }

  #decode(text: string): string {
    return text.replace(/&([^;&]{0,10});?/g, (whole, entity: string) => {
      const character = whole.endsWith(';') ? characterOf(entity) : undefined
      return character ?? this.#refuse(`an entity like &amp;, got ${whole}`)
    })
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found !== null) this.#at = pattern.lastIndex
    return found ?? undefined
  }

  #refuse(expected: string): never {
    const line = this.#text.slice(0, this.#at).split('\n').length
    const came = JSON.stringify(this.#text.slice(this.#at, this.#at + 20))
    throw new XmlError(`line ${line}: expected ${expected}, before ${came}`)
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function characterOf(entity: string): string | undefined {
  const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(entity)
  if (number === null) return Object.hasOwn(named, entity) ? named[entity] : undefined
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16)
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined
}
