import { fontFamily, palette } from './palette.ts'

interface Style {
  fill?: string
  stroke?: string
  lineWidth?: number
  lineCap?: 'round' | 'butt'
  lineDash?: number[]
  opacity?: number
}

interface TextStyle {
  text: string
  x: number
  y: number
  fill: string
  font: string
  align: 'left' | 'center' | 'right'
  verticalAlign: 'middle'
}

/** What a band paints, in pixels of the drawing. */
export type Shape =
  | { type: 'rect'; shape: Box; style: Style }
  | { type: 'path'; shape: { pathData: string }; style: Style }
  | { type: 'text'; style: TextStyle }

interface Box {
  x: number
  y: number
  width: number
  height: number
}

interface Point {
  x: number
  y: number
}

export const rect = (shape: Box, style: Style): Shape => ({ type: 'rect', shape, style })

/** One path from many pieces of path data; thousands of marks stay one small element. Nothing where there is no piece. */
export const path = (pieces: readonly string[], style: Style): Shape[] =>
  pieces.length === 0 ? [] : [{ type: 'path', shape: { pathData: pieces.join('') }, style: { fill: 'none', ...style } }]

/** A dot is a line without length and with round ends. */
export const dot = ({ x, y }: Point): string => `M${px(x)} ${px(y)}h0.1`

export const diamond = ({ x, y }: Point): string => `M${px(x - 3.5)} ${px(y)}l3.5 -3.5l3.5 3.5l-3.5 3.5Z`

export const tick = ({ x, y }: Point, height: number): string => `M${px(x)} ${px(y - height / 2)}v${px(height)}`

export const cross = ({ x, y }: Point): string => `M${px(x - 4)} ${px(y - 4)}l8 8M${px(x + 4)} ${px(y - 4)}l-8 8`

/** Diagonal lines inside a box, so that a bar says in grey and in print what its colour says. */
export function hatch({ x, y, width, height }: Box, gap = 6): string[] {
  const count = Math.max(0, Math.floor((width + height) / gap))
  return Array.from({ length: count }, (_, index) => {
    const start = (index + 1) * gap
    const [left, right] = [Math.max(0, start - height), Math.min(width, start)]
    return `M${px(x + left)} ${px(y + (start - left))}L${px(x + right)} ${px(y + (start - right))}`
  })
}

interface Writing {
  size?: number
  bold?: boolean
  fill?: string
  align?: 'left' | 'center' | 'right'
}

export const text = (
  words: string,
  at: Point,
  { size = 11, bold = false, fill = palette.ink, align = 'left' }: Writing = {},
): Shape => ({
  type: 'text',
  style: {
    ...at,
    text: words,
    fill,
    align,
    verticalAlign: 'middle',
    font: `${bold ? 'bold ' : ''}${size}px ${fontFamily}`,
  },
})

/** Width of a text in pixels, near enough to decide whether it fits. */
export const textWidth = (words: string, size = 11): number => words.length * size * 0.58

/** `words` cut to a width with an ellipsis. */
export function fit(words: string, width: number, size = 11): string {
  const most = Math.max(1, Math.floor(width / (size * 0.58)))
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`
}

const px = (value: number): string => String(Math.round(value * 10) / 10)
