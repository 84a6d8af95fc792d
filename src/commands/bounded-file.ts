import { open } from 'node:fs/promises'

/** A text file, or the beginning of one that is longer than so many bytes; an endless device costs no more than that. */
export async function readAtMost(file: string, bytes: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const buffer = Buffer.alloc(bytes)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, bytes - length, null)
      length += bytesRead
      if (bytesRead === 0 || length === bytes) return buffer.toString('utf8', 0, length)
    }
  } finally {
    await handle.close()
  }
}
