import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseXml, type XmlElement, XmlError } from './xml.ts'
import { renderXml, xmlElement } from './xml-text.ts'

const name = fc.stringMatching(/^[A-Za-z_][\w.:-]{0,8}$/)
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((each) => each.trim())
const attributes = fc.dictionary(name, text, { maxKeys: 2, noNullPrototype: true })
const { element } = fc.letrec<{ element: XmlElement }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small' },
    fc.record({ name, attributes, text, children: fc.constant([]) }),
    fc.record({ name, attributes, text: fc.constant(''), children: fc.array(tie('element'), { maxLength: 4 }) }),
  ),
}))

describe('the XML reader', () => {
  it('reads what is written, whatever is in it', () => {
    fc.assert(
      fc.property(element, (written) => {
        expect(parseXml(renderXml(written))).toEqual(written)
      }),
    )
  })

  it('reads a configuration as OPNsense writes it', () => {
    const file = `\uFEFF<?xml version="1.0"?>
<!-- a comment -->
<opnsense>
  <a uuid='1-2' empty="">x &lt; y &#38; &#x7A;</a><a/><b ><![CDATA[<raw> & ]]>tail</b>
  <?instruction?><!-- inside --><c></c>
</opnsense>
`
    const leaf = (tag: string, content = '') => ({ name: tag, attributes: {}, children: [], text: content })
    expect(parseXml(file)).toEqual({
      name: 'opnsense',
      attributes: {},
      text: '',
      children: [
        { ...leaf('a', 'x < y & z'), attributes: { uuid: '1-2', empty: '' } },
        leaf('a'),
        leaf('b', '<raw> & tail'),
        leaf('c'),
      ],
    })
  })

  it.each([
    ['nothing', '', 'line 1: expected an element'],
    ['a text', 'hello', 'line 1: expected an element'],
    ['an element that is not closed', '<a>\n<b>\n</a>', 'line 3: expected </b>'],
    ['a cut file', '<a>\n<b', 'line 2: expected the end of the tag <b>'],
    ['two roots', '<a/>\n<b/>', 'line 2: expected the end of the file'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'line 1: expected an element'],
    ['an entity of its own', '<a>&b;</a>', 'expected an entity like &amp;, got &b;'],
    ['a bare ampersand', '<a>b & c</a>', 'expected an entity like &amp;'],
    ['a character that is none', '<a>&#xD800;</a>', 'expected an entity like &amp;'],
    ['an attribute without quotes', '<a b=c/>', 'expected the end of the tag <a>'],
    ['an endless comment', '<a><!-- </a>', 'expected an element'],
    ['elements without end', '<a>'.repeat(100_000), 'expected at most 64 elements in each other'],
  ])('refuses %s and says where', (_what, file, complaint) => {
    expect(() => parseXml(file)).toThrow(XmlError)
    expect(() => parseXml(file)).toThrow(complaint)
  })

  it('gives an element or an XmlError for any text, however damaged', () => {
    const seed = renderXml(xmlElement('opnsense', { system: { hostname: 'fw1' }, vip: [{ vhid: '1' }, { vhid: '2' }] }))
    const cut = fc.tuple(fc.nat(seed.length), fc.nat(seed.length), fc.string())
    const damaged = cut.map(([from, to, put]) => seed.slice(0, from) + put + seed.slice(to))
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.string(),
          fc.string({ unit: fc.constantFrom('<', '>', '/', 'a', '&', ';', '"', '!', ' ', '-', '[', ']', '?', '=') }),
        ),
        (broken) => {
          expect(survives(broken)).toBe(true)
        },
      ),
    )
  })

  it.each(['<a', '<a ', '<a>&', '<!--', '<![CDATA[', '<?'])('takes no more than linear time for many %j', (piece) => {
    const startedAtMs = performance.now()
    expect(survives(`<r>${piece.repeat(100_000)}`)).toBe(true)
    expect(performance.now() - startedAtMs).toBeLessThan(1000)
  })
})

function survives(file: string): boolean {
  try {
    return parseXml(file).name !== ''
  } catch (error) {
    return error instanceof XmlError
  }
}
