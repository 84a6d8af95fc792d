import type { XmlElement } from './xml.ts'

/** A value to write: a text, or what is inside, by element name; a list repeats the element. */
export type XmlValue = string | { [name: string]: XmlValue | readonly XmlValue[] }

/** The element that a value becomes; what is undefined is left out. */
export function xmlElement(name: string, value: XmlValue): XmlElement {
  if (typeof value === 'string') return { name, attributes: {}, children: [], text: value }
  const children = Object.entries(value).flatMap(([inner, one]) =>
    isList(one) ? one.map((each) => xmlElement(inner, each)) : [xmlElement(inner, one)],
  )
  return { name, attributes: {}, children, text: '' }
}

/** A file of one root element, indented as OPNsense does. Text beside elements is not kept. */
export function renderXml(root: XmlElement): string {
  return `<?xml version="1.0"?>\n${renderElement(root, '')}`
}

function renderElement({ name, attributes, children, text }: XmlElement, indent: string): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`)
  const tag = `${name}${pairs.join('')}`
  if (children.length > 0) {
    const inner = children.map((child) => renderElement(child, `${indent}  `)).join('')
    return `${indent}<${tag}>\n${inner}${indent}</${name}>\n`
  }
  return text === '' ? `${indent}<${tag}/>\n` : `${indent}<${tag}>${escape(text)}</${name}>\n`
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}

function isList(value: XmlValue | readonly XmlValue[]): value is readonly XmlValue[] {
  return Array.isArray(value)
}
