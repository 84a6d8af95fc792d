import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseXml, type XmlElement } from '../configuration/xml.ts'
import { renderXml } from '../configuration/xml-text.ts'
import type { ConfigRevision, ConfigStore } from './control.ts'
import { childOf, withChild, withTexts } from '../configuration/xml-edit.ts'

/** The configuration in a file that others write too: read anew each time, written beside and moved. */
export function openConfigStore(file: string, now: () => Date): ConfigStore {
  let last = Promise.resolve()
  const read = (): XmlElement => parseXml(readFileSync(file, 'utf8'))
  const change = (edit: (root: XmlElement) => XmlElement, why: string, who: string): void => {
    const time = (now().getTime() / 1000).toFixed(4)
    const revision = withTexts(childOf(read(), 'revision'), { username: who, time, description: why })
    write(file, withChild(edit(read()), revision))
  }
  return {
    read,
    revision: () => revisionOf(read()),
    change: (edit, why, who = 'root@localhost') => {
      const done = last.then(() => change(edit, why, who))
      last = done.catch(() => undefined)
      return done
    },
  }
}

function revisionOf(root: XmlElement): ConfigRevision {
  const revision = childOf(root, 'revision')
  return {
    time: childOf(revision, 'time').text || '0',
    username: childOf(revision, 'username').text,
    description: childOf(revision, 'description').text,
  }
}

function write(file: string, root: XmlElement): void {
  writeFileSync(`${file}.new`, renderXml(root), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
