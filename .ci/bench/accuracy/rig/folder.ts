import { mkdtempSync, rmSync } from 'node:fs'

/** A folder for the time that something takes. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync('/tmp/rig-')
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
