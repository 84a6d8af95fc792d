import { isIPv4, isIPv6 } from 'node:net'
import type { Flavour } from '../config.ts'
import type { XmlElement } from './xml.ts'

/** Says what was expected and what came; gives undefined so that a reader can return it. */
export type Complain = (text: string) => undefined

/** Without a zone (`%eth0`). */
export function isAddress6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

/** A part of the configuration that is read with doubt: what does not fit is complained about and undefined. */
export class Section {
  readonly element: XmlElement
  readonly #complain: Complain
  readonly #path: string

  constructor(element: XmlElement, complain: Complain, path = '') {
    this.element = element
    this.#complain = complain
    this.#path = path
  }

  /** The elements of that name, empty when there is none. */
  all(name: string): Section[] {
    const found = this.element.children.filter((child) => child.name === name)
    return found.map((child) => new Section(child, this.#complain, this.#join(name)))
  }

  /** The first element of that name; an empty one where there is none. */
  at(name: string): Section {
    return (
      this.all(name)[0] ??
      new Section({ name, attributes: {}, children: [], text: '' }, this.#complain, this.#join(name))
    )
  }

  /** All elements inside. */
  inner(): Section[] {
    return this.element.children.map((child) => new Section(child, this.#complain, this.#join(child.name)))
  }

  /** The text of an element, empty where there is none. */
  text(name: string): string {
    return this.at(name).element.text
  }

  /** As PHP's `!empty()`: there, and neither empty nor 0. */
  isSet(name: string): boolean {
    return !['', '0'].includes(this.text(name))
  }

  /** A setting as each product keeps it: OPNsense as a value, pfSense by the element being there. */
  isOn(name: string, flavour: Flavour): boolean {
    return flavour === 'opnsense' ? this.isSet(name) : this.all(name).length > 0
  }

  address(name: string): string | undefined {
    const text = this.text(name)
    return isIPv4(text) ? text : this.refuse(name, 'an IPv4 address')
  }

  address6(name: string): string | undefined {
    const text = this.text(name)
    return isAddress6(text) ? text : this.refuse(name, 'an IPv6 address')
  }

  /** An address of either family. */
  anyAddress(name: string): string | undefined {
    const text = this.text(name)
    return isIPv4(text) || isAddress6(text) ? text : this.refuse(name, 'an IP address')
  }

  /** An address of either family with the prefix length that another element has. */
  cidr(name: string, bits: string): string | undefined {
    const address = this.anyAddress(name)
    const prefix = this.whole(bits, 1, address?.includes(':') ? 128 : 32)
    return address === undefined || prefix === undefined ? undefined : `${address}/${prefix}`
  }

  /** A text that fits whole. */
  word(name: string, shape: RegExp, expected: string): string | undefined {
    const text = this.text(name)
    return shape.test(text) ? text : this.refuse(name, expected)
  }

  whole(name: string, from: number, to: number): number | undefined {
    const text = this.text(name)
    const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    return value >= from && value <= to ? value : this.refuse(name, `a number from ${from} to ${to}`)
  }

  /** One of the known values. */
  known<Value>(name: string, values: ReadonlyMap<string, Value>): Value | undefined {
    return values.get(this.text(name)) ?? this.refuse(name, `one of ${[...values.keys()].join(', ') || 'none'}`)
  }

  refuse(name: string, expected: string): undefined {
    const came = JSON.stringify(this.text(name).slice(0, 60))
    return this.#complain(`${this.#join(name)}: expected ${expected}, got ${came}`)
  }

  #join(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }
}
