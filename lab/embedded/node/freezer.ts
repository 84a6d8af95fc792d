import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rmdir, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Stops and continues groups of processes, as a paused vCPU does. */
export type Freezer = {
  /** Freezes all that `members` names, asked again until nobody new appears. */
  freeze: (name: string, members: () => Promise<number[]>) => Promise<void>
  /** Lets them run again; nothing happens to a group that does not exist. */
  thaw: (name: string) => Promise<void>
  /** Thaws a group whose processes have been killed, and removes it. */
  release: (name: string) => Promise<void>
  /** Thaws all and removes what is left. */
  close: () => Promise<void>
}

/** A freezer on cgroup v2 where the kernel has it mounted, else on the v1 freezer. Its groups are gone with this process, even after SIGKILL. */
export function createFreezer(): Freezer {
  const groups = new Set<string>()
  let guardian: ChildProcess | undefined
  const folderOf = (name: string): string => `${hierarchy().folder}/firedrill-${process.pid}-${name}`
  const freeze: Freezer['freeze'] = async (name, members) => {
    const folder = folderOf(name)
    guardian ??= watchOver(folderOf(''))
    await mkdir(folder, { recursive: true })
    groups.add(name)
    const moved = new Set<number>()
    for (;;) {
      const newcomers = (await members()).filter((pid) => !moved.has(pid))
      if (newcomers.length === 0) break
      for (const pid of newcomers) {
        moved.add(pid)
        await writeFile(`${folder}/cgroup.procs`, String(pid)).catch(() => {})
      }
    }
    await setFrozen(folder, true)
  }
  const thaw = async (name: string): Promise<void> => {
    if (groups.has(name)) await setFrozen(folderOf(name), false)
  }
  const release = async (name: string): Promise<void> => {
    if (!groups.delete(name)) return
    const folder = folderOf(name)
    await setFrozen(folder, false)
    for (let round = 0; round < 50 && !(await removeFolder(folder)); round += 1) await sleep(20)
  }
  const close = async (): Promise<void> => {
    for (const name of groups) await release(name)
    // Nothing else may be left that keeps this program alive until the guardian has ended.
    guardian?.ref()
    guardian?.stdin?.end()
    if (guardian) await new Promise((resolve) => guardian?.once('close', resolve))
  }
  return { freeze, thaw, release, close }
}

async function removeFolder(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    () => !existsSync(folder),
  )
}

// Reads a pipe from us until it closes, then thaws and removes our groups.
function watchOver(prefix: string): ChildProcess {
  const guardian = spawn('setsid', ['sh', '-c', guard, 'firedrill-freezer', prefix], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guardian.on('error', () => {})
  guardian.unref()
  return guardian
}

const guard = `trap '' TERM INT HUP
cat > /dev/null
round=0
while [ $round -lt 100 ]; do
  left=
  for group in "$1"*; do
    [ -d "$group" ] || continue
    echo 0 2>/dev/null > "$group/cgroup.freeze"
    echo THAWED 2>/dev/null > "$group/freezer.state"
    rmdir "$group" 2>/dev/null || left=1
  done
  [ "$left" ] || exit 0
  sleep 0.05
  round=$((round + 1))
done`

async function setFrozen(folder: string, isFrozen: boolean): Promise<void> {
  const { file, on, off } = hierarchy()
  await writeFile(`${folder}/${file}`, isFrozen ? on : off).catch((error: unknown) => {
    if (isFrozen) throw error
  })
}

type Hierarchy = { folder: string; file: string; on: string; off: string }

function hierarchy(): Hierarchy {
  const unified = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((folder) =>
    existsSync(`${folder}/cgroup.controllers`),
  )
  if (unified !== undefined) return { folder: unified, file: 'cgroup.freeze', on: '1', off: '0' }
  return { folder: '/sys/fs/cgroup/freezer', file: 'freezer.state', on: 'FROZEN', off: 'THAWED' }
}
