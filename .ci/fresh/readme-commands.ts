const wanted = ['npm start', 'npm test']

/**
 * The two commands that the README promises to work as the first thing typed, in the order of the README, read from its
 * fenced blocks. Throws where one of them is not there.
 */
export function readmeCommands(readme: string): string[] {
  const blocks = [...readme.matchAll(/^```(?:sh|bash|shell|console)?\n([^]*?)^```$/gm)].map(([, block]) => block ?? '')
  const typed = blocks.flatMap((block) => block.split('\n').map(asTyped))
  const found = [...new Set(typed.filter((line) => wanted.includes(line)))]
  if (found.length === wanted.length) return found
  throw new Error(
    `the README's fenced blocks should have ${wanted.join(' and ')}; found: ${found.join(' and ') || 'neither'}`,
  )
}

/** A line without its prompt and its remark. */
function asTyped(line: string) {
  return line
    .replace(/^[$#] /, '')
    .replace(/\s+#.*$/, '')
    .trim()
}
