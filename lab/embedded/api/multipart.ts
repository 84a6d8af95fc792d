/** The fields before the file, and the file: what an upload's body holds. Later fields are ignored. */
export type Upload = { fields: Record<string, string>; file: Uint8Array; fileName: string }

/** Reads a multipart body. Undefined for one without a file part that is named `filename`. */
export function parseUpload(body: Buffer, contentType: string): Upload | undefined {
  const boundary = /\bboundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType)
  const mark = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? ''}`)
  if (mark.length === 2) return undefined
  const fields: Record<string, string> = {}
  for (let start = body.indexOf(mark); start >= 0;) {
    const headStart = start + mark.length + 2
    const headEnd = body.indexOf('\r\n\r\n', headStart)
    const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), headEnd)
    if (headEnd < 0 || end < 0) return undefined
    const head = body.toString('utf8', headStart, headEnd)
    const content = body.subarray(headEnd + 4, end)
    const name = /\bname="([^"]*)"/i.exec(head)?.[1] ?? ''
    const fileName = /\bfilename="([^"]*)"/i.exec(head)?.[1]
    if (name === 'filename' && fileName !== undefined) return { fields, file: content, fileName }
    fields[name] = content.toString('utf8')
    start = end + 2
  }
  return undefined
}
