/**
 * The renderer's SVG as this page wants it: no style sheet, class, id or event attribute (they carry counters that differ from
 * call to call), fonts as attributes (viewers that forbid inline style keep the sizes), and a label for those who cannot see it.
 */
export function tidySvg(svg: string, label: string): string {
  const attributes = svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<defs\s*>\s*<\/defs>/g, '')
    .replace(/ (?:class|pointer-events|xml:space|baseProfile|version|xmlns:xlink|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/ style="font: ?(bold )?([\d.]+)px ([^"]*?);?"/g, (_, bold?: string, size?: string, family?: string) =>
      fontAttributes(size, family, bold !== undefined),
    )
    .replace(/ style="font-size:([\d.]+)px;font-family:([^";]*);?"/g, (_, size?: string, family?: string) =>
      fontAttributes(size, family, false),
    )
    .replace(/\n+/g, '\n')
  return attributes.replace('<svg ', `<svg role="img" aria-label="${escapeAttribute(label)}" `)
}

const fontAttributes = (size = '', family = '', bold: boolean): string =>
  ` font-size="${size}" font-family="${family}"${bold ? ' font-weight="bold"' : ''}`

const escapeAttribute = (words: string): string =>
  words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
