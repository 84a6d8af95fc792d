import type { Finding } from '../../model/result.ts'
import type { Verdict } from '../../model/verdict.ts'
import { html, type Markup, trusted } from './markup.ts'

type Mark = Verdict | 'warning'

/** A verdict as shape, word and colour: a tick in a disc, a cross in a square, a question mark in a hexagon, a bar in a triangle. */
export const verdictMark = (mark: Mark, size = 16): Markup =>
  html`<span class="mark ${mark}">${trusted(icon(mark, size))} <b>${mark}</b></span>`

/** The mark of a finding: a warning that did not pass never looks like a failure, because it does not decide. */
export const findingMark = ({ level, verdict }: Finding): Mark =>
  level === 'warn' && verdict !== 'pass' ? 'warning' : verdict

const shapes: Readonly<Record<Mark, { colour: string; body: string; sign: string }>> = {
  pass: { colour: '#1c6b3f', body: '<circle cx="12" cy="12" r="11"/>', sign: '<path d="M6.5 12.5l3.8 3.8l7.2 -8"/>' },
  fail: {
    colour: '#a3142a',
    body: '<rect x="1.5" y="1.5" width="21" height="21" rx="2"/>',
    sign: '<path d="M7 7l10 10M17 7l-10 10"/>',
  },
  unknown: {
    colour: '#7a4b00',
    body: '<path d="M6.5 1.5h11l5.5 10.5l-5.5 10.5h-11l-5.5 -10.5Z"/>',
    sign: '<path d="M9 9.6a3 3 0 1 1 4.2 2.8q-1.2 .6 -1.2 1.9M12 17.2v.2"/>',
  },
  warning: { colour: '#7a4b00', body: '<path d="M12 1.5L23 22H1Z"/>', sign: '<path d="M12 9v6M12 18.4v.2"/>' },
}

function icon(mark: Mark, size: number): string {
  const { colour, body, sign } = shapes[mark]
  const signed = `<g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">${sign}</g>`
  return `<svg class="icon" width="${size}" height="${size}" viewBox="0 0 24 24" aria-hidden="true"><g fill="${colour}">${body}</g>${signed}</svg>`
}
