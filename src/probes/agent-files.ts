import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const folder = new URL('./agent/', import.meta.url)
const endMark = 'end-of-agent-file'

/** A shell script that writes the agent's files into a new folder of the vantage machine, readable by its owner only. */
export async function installScript(target: string): Promise<string> {
  const names = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith('.mjs')).toSorted()
  const files = await Promise.all(
    names.map(async (name) => hereDocument(name, await readFile(new URL(name, folder), 'utf8'))),
  )
  return ['set -e', 'umask 077', `mkdir ${target}`, `cd ${target}`, ...files, ''].join('\n')
}

const hereDocument = (name: string, content: string) => `cat > ${name} <<'${endMark}'\n${content.trimEnd()}\n${endMark}`
