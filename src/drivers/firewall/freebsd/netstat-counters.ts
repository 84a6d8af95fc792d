/** The counters of `netstat -s -p pfsync` (or carp) by their words, as `packets received (IPv4)`. Headings and histograms are left out. */
export function parseCounters(text: string): Record<string, number> {
  const counters = text.split('\n').flatMap((line): [string, number][] => {
    const [, count, words] = /^\s+(\d{1,18}) ([a-z].*?)\s*$/.exec(line) ?? []
    return count === undefined || words === undefined ? [] : [[singular(words), Number(count)]]
  })
  return Object.fromEntries(counters)
}

/** netstat says `1 packet received` and `2 packets received`; the plural names both. */
const singular = (words: string) => words.replace(/^(packet|state|send error|lookup|insert)(?=\s|$)/, '$1s')
