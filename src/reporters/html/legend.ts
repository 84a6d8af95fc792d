import { palette } from '../drawing/palette.ts'
import { html, type Markup, trusted } from './markup.ts'

const sample = (body: string): string =>
  `<svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">${body}</svg>`
const box = (fill: string, edge: string, isHatched = false): string =>
  sample(
    `<rect x="1" y="1" width="24" height="12" fill="${fill}" stroke="${edge}"/>${isHatched ? `<path d="M1 9L9 1M5 13L17 1M13 13L25 1M21 13L25 9" stroke="${edge}" stroke-width="0.8"/>` : ''}`,
  )

const entries: readonly (readonly [string, string])[] = [
  [
    sample(
      `<g fill="${palette.healthy}"><circle cx="5" cy="7" r="1.8"/><circle cx="13" cy="5" r="1.8"/><circle cx="21" cy="8" r="1.8"/></g>`,
    ),
    'probe answered, by round-trip time',
  ],
  [sample(`<path d="M9 7l4 -4l4 4l-4 4Z" fill="${palette.late}"/>`), 'answered late'],
  [
    sample(
      `<rect x="1" y="1" width="24" height="12" fill="${palette.lostSoft}"/><path d="M7 1v12M13 1v12M19 1v12" stroke="${palette.lost}" stroke-width="1.5"/>`,
    ),
    'lost, in the outage that they bracket',
  ],
  [sample(`<path d="M9 4v6M17 4v6" stroke="${palette.quiet}" stroke-width="1.5"/>`), 'could not be sent'],
  [sample(`<path d="M9 7l4 -4l4 4l-4 4Z" fill="${palette.quiet}"/>`), 'slot not used, or used too late'],
  [box(palette.master, palette.master), 'MASTER'],
  [box(palette.backup, '#9fb6cb'), 'BACKUP'],
  [box(palette.init, '#b98f2d', true), 'INIT'],
  [box('#fff', '#9aa5af', true), 'node does not answer'],
  [
    sample(`<path d="M5 5v5M13 5v5M21 5v5" stroke="${palette.ink}" stroke-width="1.2"/>`),
    'CARP advertisement captured',
  ],
  [sample(`<path d="M3 7H23" stroke="${palette.late}" stroke-width="2"/>`), 'role change logged within this time'],
  [box(palette.session, '#86b8a3'), 'session open'],
  [box(palette.stall, '#8a5a00', true), 'session silent'],
  [sample(`<path d="M9 3l8 8M17 3l-8 8" stroke="${palette.lost}" stroke-width="2.2"/>`), 'session broke'],
  [box(palette.fault, '#e3a99b'), 'fault window'],
  [box(palette.heal, '#9dbfe0'), 'heal window'],
  [box(palette.limit, palette.limitLine, true), 'when CARP allows the takeover'],
  [sample(`<path d="M13 1v12" stroke="${palette.limitLine}" stroke-width="3"/>`), 'when it was due in this trial'],
]

/** What each mark in the drawings means. */
export const legend: Markup = html`<ul class="legend">
  ${entries.map(([drawing, meaning]) => html`<li>${trusted(drawing)}${meaning}</li>`)}
</ul>`
