import { type XmlElement, parseXml } from '../../configuration/xml.ts'
import { renderXml } from '../../configuration/xml-text.ts'

/** What XML-RPC can say, as far as firewalls say it. */
export type RpcValue = string | number | boolean | readonly RpcValue[] | { readonly [name: string]: RpcValue }

/** A method and what it is given. */
export type RpcCall = { method: string; params: RpcValue[] }

/** Reads a `methodCall`. Throws where it is none. */
export function parseCall(text: string): RpcCall {
  const root = parseXml(text)
  const method = inner(root, 'methodName')?.text ?? ''
  if (root.name !== 'methodCall' || method === '') throw new Error('expected a methodCall')
  return { method, params: paramsOf(root) }
}

/** Reads a `methodResponse`; a fault is thrown with its words. */
export function parseResponse(text: string): RpcValue {
  const root = parseXml(text)
  const fault = inner(root, 'fault')
  if (fault !== undefined) {
    const value = valueOf(inner(fault, 'value'))
    const words = typeof value === 'object' && 'faultString' in value ? value['faultString'] : ''
    throw new Error(typeof words === 'string' && words !== '' ? words : 'the peer refused the call')
  }
  if (root.name !== 'methodResponse') throw new Error('expected a methodResponse')
  return paramsOf(root)[0] ?? ''
}

/** Writes a call. */
export function renderCall({ method, params }: RpcCall): string {
  return renderXml(element('methodCall', [leaf('methodName', method), paramsElement(params)]))
}

/** Writes an answer. */
export function renderResponse(value: RpcValue): string {
  return renderXml(element('methodResponse', [paramsElement([value])]))
}

/** Writes a refusal. */
export function renderFault(code: number, words: string): string {
  const fault = valueElement({ faultCode: code, faultString: words })
  return renderXml(element('methodResponse', [element('fault', [fault])]))
}

function paramsOf(root: XmlElement): RpcValue[] {
  return (inner(root, 'params')?.children ?? []).map((param) => valueOf(inner(param, 'value')))
}

function valueOf(value: XmlElement | undefined): RpcValue {
  const typed = value?.children[0]
  if (typed === undefined) return value?.text ?? ''
  if (typed.name === 'int' || typed.name === 'i4' || typed.name === 'double') return Number(typed.text)
  if (typed.name === 'boolean') return typed.text === '1'
  if (typed.name === 'base64') return Buffer.from(typed.text, 'base64').toString()
  if (typed.name === 'array') return (inner(typed, 'data')?.children ?? []).map(valueOf)
  if (typed.name !== 'struct') return typed.text
  const members = typed.children.filter(({ name }) => name === 'member')
  return Object.fromEntries(
    members.map((member) => [inner(member, 'name')?.text ?? '', valueOf(inner(member, 'value'))]),
  )
}

function paramsElement(params: readonly RpcValue[]): XmlElement {
  return element(
    'params',
    params.map((param) => element('param', [valueElement(param)])),
  )
}

function valueElement(value: RpcValue): XmlElement {
  return element('value', [typedElement(value)])
}

function typedElement(value: RpcValue): XmlElement {
  if (typeof value === 'string') return leaf('string', value)
  if (typeof value === 'boolean') return leaf('boolean', value ? '1' : '0')
  if (typeof value === 'number') return leaf(Number.isInteger(value) ? 'int' : 'double', String(value))
  if (isList(value)) return element('array', [element('data', value.map(valueElement))])
  return element(
    'struct',
    Object.entries(value).map(([name, each]) => element('member', [leaf('name', name), valueElement(each)])),
  )
}

function isList(value: RpcValue): value is readonly RpcValue[] {
  return Array.isArray(value)
}

function inner(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((child) => child.name === name)
}

function element(name: string, children: readonly XmlElement[]): XmlElement {
  return { name, attributes: {}, children, text: '' }
}

function leaf(name: string, text: string): XmlElement {
  return { name, attributes: {}, children: [], text }
}
