/** Whether two texts name one address: IPv6 may be written in many ways. */
export const isSameAddress = (one: string, other: string): boolean => one === other || wordsOf(one) === wordsOf(other)

/** All groups of an IPv6 address, without leading zeros; anything else as it is. */
function wordsOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::', 2)
  if (!address.includes(':')) return address
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')]
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].join(':')
}

const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''))
