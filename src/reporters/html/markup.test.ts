import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeHtml, html, trusted } from './markup.ts'

it('escapes text, keeps markup, joins lists and drops null', () => {
  expect(html`<p title="${'"x"'}">${'<b>'}${trusted('<i/>')}${[html`<u>${1}</u>`, null, '&']}</p>`.text).toBe(
    '<p title="&quot;x&quot;">&lt;b&gt;<i/><u>1</u>&amp;</p>',
  )
})

it('leaves no character that could open markup or end an attribute, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(!/[<>"']|&(?!(amp|lt|gt|quot|#39);)/.test(escapeHtml(text))).toBe(true)
    }),
  )
})
