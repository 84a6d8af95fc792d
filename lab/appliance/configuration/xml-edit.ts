import type { XmlElement } from './xml.ts'

/** The first element of that name; an empty one where there is none. */
export function childOf(parent: XmlElement, name: string): XmlElement {
  return parent.children.find((child) => child.name === name) ?? { name, attributes: {}, children: [], text: '' }
}

/** The parent with this child in place of the first of its name, or added. */
export function withChild(parent: XmlElement, child: XmlElement): XmlElement {
  const at = parent.children.findIndex(({ name }) => name === child.name)
  const children = at < 0 ? [...parent.children, child] : parent.children.with(at, child)
  return { ...parent, children }
}

/** An element with these texts in it, the others as they were. */
export function withTexts(parent: XmlElement, texts: Readonly<Record<string, string>>): XmlElement {
  return Object.entries(texts).reduce(
    (result, [name, text]) => withChild(result, { name, attributes: {}, children: [], text }),
    parent,
  )
}

/** The parent without any element of that name. */
export function without(parent: XmlElement, name: string): XmlElement {
  return { ...parent, children: parent.children.filter((child) => child.name !== name) }
}
