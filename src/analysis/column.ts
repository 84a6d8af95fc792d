const firstPlaces = 64

/** Numbers in the order in which they came, 8 bytes each. */
export class Column {
  #numbers = new Float64Array(firstPlaces)
  #length = 0

  static of(numbers: Iterable<number>): Column {
    const column = new Column()
    for (const number of numbers) column.push(number)
    return column
  }

  get length(): number {
    return this.#length
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const wider = new Float64Array(2 * this.#length)
      wider.set(this.#numbers)
      this.#numbers = wider
    }
    this.#numbers[this.#length++] = number
  }

  /** The number at a place, from the end where that is negative; undefined where there is none. */
  at(index: number): number | undefined {
    const place = index < 0 ? this.#length + index : index
    return place < this.#length ? this.#numbers[place] : undefined
  }

  /** How many numbers come before the first that is greater; the column has to be in ascending order. */
  countUpTo(most: number): number {
    let [low, high] = [0, this.#length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#numbers[middle] ?? Infinity) <= most) low = middle + 1
      else high = middle
    }
    return low
  }
}
