/** A measured value as the interval that holds the truth; `low === high` for an exact count. */
export interface Interval {
  low: number
  high: number
}
