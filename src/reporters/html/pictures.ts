import type { Result, StatusPicture } from '../../model/result.ts'
import { html, type Markup } from './markup.ts'

/** What a person at the firewalls' own pages would have seen. Nothing where no pictures were taken. */
export function picturesSection({ timeline }: Result): Markup | null {
  const { pictures = [] } = timeline
  if (pictures.length === 0) return null
  return html`<section>
    <h2>CARP status pages</h2>
    <div class="pictures">${pictures.map(figureOf)}</div>
  </section>`
}

const figureOf = ({ node, phase, file, sha256, atMs }: StatusPicture): Markup =>
  html`<figure>
    <a href="${file}"><img src="${file}" alt="CARP status page of ${node}, ${said[phase]}" /></a>
    <figcaption>
      ${node}, ${said[phase]}, ${(atMs / 1000).toFixed(1)} s into the run
      <span class="hash">${file} ${sha256.slice(0, 16)}</span>
    </figcaption>
  </figure>`

const said = { before: 'before the first step', after: 'after the last step' } as const
