import { format } from 'prettier'
import { probesPage } from './probes.ts'

/** Every page of `docs/` that is made from the code, by its file name. */
export async function pages(): Promise<Record<string, string>> {
  const written = { 'probes.md': probesPage() }
  const options = { parser: 'markdown', printWidth: 120 }
  const formatted = Object.entries(written).map(async ([file, page]) => [file, await format(page, options)] as const)
  return Object.fromEntries(await Promise.all(formatted))
}
