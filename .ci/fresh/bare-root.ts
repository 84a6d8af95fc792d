import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../lab/setup/child.mjs'
import { copyNodeAndNpm } from './host-npm.ts'
import { aptSettings, debianMirror } from './mirror.ts'

const release = 'bookworm'
const privately = ['--mount', '--propagation', 'private']

/** Makes a bare Debian 12 in `root`: what debootstrap calls minbase, this machine's Node and npm, and a clone of the project. */
export async function makeBareRoot(root: string, project: string): Promise<void> {
  const mirror = await debianMirror()
  await must('unshare', [...privately, 'debootstrap', '--variant=minbase', release, root, mirror])
  await writeFile(join(root, 'etc/apt/apt.conf.d/90host'), await aptSettings())
  await Promise.all(
    ['etc/resolv.conf', 'etc/hosts'].map((file) => cp(join('/', file), join(root, file), { dereference: true })),
  )
  await copyNodeAndNpm(root, process.env)
  await must('git', ['clone', '--quiet', project, join(root, 'root/firedrill')])
}

async function must(command: string, args: string[]) {
  const ended = await run(command, args)
  if (ended.code !== 0) throw new Error(`${command} ended with code ${ended.code}:\n${ended.output.slice(-2000)}`)
}
