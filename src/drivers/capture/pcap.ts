/** A captured frame, and when the kernel of the capturing machine saw it, in ms since 1970 on its wall clock. */
export interface CapturedFrame {
  wallMs: number
  bytes: Uint8Array
}

interface Format {
  isLittle: boolean
  /** Fractions of a second in its stamps. */
  perSecond: number
}

const headerBytes = 24
const recordBytes = 16
/** A frame longer than any that could have been asked for: the stream is not what it seems. */
const longestFrame = 1 << 18
const ethernet = 1

/** Cuts a pcap stream (either byte order, micro- or nanoseconds, Ethernet) into frames as its bytes arrive. Throws where it is none. */
export function pcapReader(onFrame: (frame: CapturedFrame) => void): (chunk: Uint8Array) => void {
  let rest: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  let format: Format | null = null
  return (chunk) => {
    rest = joined(rest, chunk)
    if (format === null && rest.length >= headerBytes) {
      format = formatOf(viewOf(rest))
      rest = rest.subarray(headerBytes)
    }
    if (format !== null) rest = takeFrames(rest, format, onFrame)
  }
}

function takeFrames(given: Uint8Array<ArrayBuffer>, format: Format, onFrame: (frame: CapturedFrame) => void) {
  let rest = given
  for (;;) {
    if (rest.length < recordBytes) return rest
    const view = viewOf(rest)
    const length = view.getUint32(8, format.isLittle)
    if (length > longestFrame) throw new Error(`expected a frame of at most ${longestFrame} bytes, came ${length}`)
    if (rest.length < recordBytes + length) return rest
    const [seconds, fraction] = [view.getUint32(0, format.isLittle), view.getUint32(4, format.isLittle)]
    const wallMs = seconds * 1000 + (fraction * 1000) / format.perSecond
    onFrame({ wallMs, bytes: rest.subarray(recordBytes, recordBytes + length) })
    rest = rest.subarray(recordBytes + length)
  }
}

const resolutions: Readonly<Record<number, number>> = { 0xa1b2c3d4: 1e6, 0xa1b23c4d: 1e9 }

function formatOf(view: DataView): Format {
  for (const isLittle of [true, false]) {
    const perSecond = resolutions[view.getUint32(0, isLittle)]
    if (perSecond === undefined) continue
    const link = view.getUint32(20, isLittle)
    if (link === ethernet) return { isLittle, perSecond }
    throw new Error(`expected a capture of Ethernet frames (1), came link type ${link}`)
  }
  throw new Error(`expected the first bytes of a pcap stream, came ${view.getUint32(0).toString(16)}`)
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength)

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
