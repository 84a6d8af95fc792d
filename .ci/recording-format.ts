const recordingName = /['"`/]run\.jsonl['"`]/

/**
 * Files of the harness that name the recording's file, though only `src/recording` knows it and its format.
 * `sources` maps paths from the project's root to their text. Lint cannot say this: it is about a word, not an import.
 */
export function namesOfRecording(sources: ReadonlyMap<string, string>): string[] {
  return [...sources.keys()].filter((path) => isOutside(path) && recordingName.test(sources.get(path) ?? ''))
}

function isOutside(path: string) {
  return path.startsWith('src/') && !path.startsWith('src/recording/') && !path.endsWith('.test.ts')
}
