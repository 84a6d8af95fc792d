/**
 * The least share of successes that `successes` of `trials` leave possible with 95 % confidence (Clopper-Pearson, one-sided): 3 of 3 are
 * "at least 37 %". 0 where there was no success.
 */
export function leastShare(successes: number, trials: number): number {
  if (successes <= 0 || trials <= 0) return 0
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (atLeast(successes, trials, middle) < 0.05) low = middle
    else high = middle
  }
  return low
}

/** How likely so many successes or more are at a share. */
function atLeast(successes: number, trials: number, share: number): number {
  let [sum, ways] = [0, 0]
  for (let count = trials; count >= successes; count--) {
    sum += Math.exp(ways + count * Math.log(share) + (trials - count) * Math.log1p(-share))
    ways += Math.log(count) - Math.log(trials - count + 1)
  }
  return sum
}
