import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { particularsFiles, particularsFolders } from './particulars.ts'
import { readParticulars } from './reading.ts'
import { type Link, planSetUp, type SetUp } from './set-up.ts'

// Runs once in the boot of a Linux machine, before anybody can log in. What fails is told on standard output, and the boot goes on.
const folder = particularsFolders.find((each) => existsSync(each))
const { particulars, complaints } = readParticulars({
  network: readText(particularsFiles.network),
  meta: readText(particularsFiles.meta),
  user: readText(particularsFiles.user),
})
const setUp = planSetUp(particulars, findLinks())
say([...complaints, ...setUp.complaints])
writeFiles(setUp.files)
configureNetwork(setUp)

function readText(file: string): string | undefined {
  const path = `${folder}/${file}`
  return folder !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function findLinks(): Link[] {
  const root = '/sys/class/net'
  return readdirSync(root).map((name) => ({ name, mac: readFileSync(`${root}/${name}/address`, 'utf8').trim() }))
}

function writeFiles(files: SetUp['files']): void {
  for (const [path, { content, mode = 0o644 }] of Object.entries(files)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content, { mode })
  }
}

function configureNetwork({ ipLines, dhcp }: SetUp): void {
  run('ip', ['-force', '-batch', '-'], `${ipLines.join('\n')}\n`)
  for (const device of dhcp) {
    const leases = `/var/lib/dhcp/${device}.leases`
    run('dhclient', [
      '-4',
      '-nw',
      '-sf',
      '/etc/firedrill/dhclient-script',
      '-lf',
      leases,
      '-pf',
      `/run/${device}.pid`,
      device,
    ])
  }
}

function run(command: string, args: readonly string[], input = ''): void {
  const { status, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8' })
  if (status !== 0) say([`${command}: ${error?.message ?? stderr.trim()}`])
}

function say(texts: readonly string[]): void {
  for (const text of texts) process.stdout.write(`cloud-init: ${text}\n`)
}
