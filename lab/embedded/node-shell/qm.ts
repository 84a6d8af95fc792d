import { call, fieldOf, nodeName, readOptions, waitForTask } from './api.ts'

const actions = ['start', 'stop', 'shutdown', 'reboot', 'reset', 'suspend', 'resume']

/** The part of `qm` that a drill needs: power, `list`, `status`, `config`, `set`, `unlock`. */
export async function runQm(words: readonly string[]): Promise<string> {
  const { plain, options } = readOptions(words)
  const [verb = '', vmid = ''] = plain
  const path = `/nodes/${nodeName()}/qemu`
  if (verb === 'list') return listVms(await call('GET', path))
  if (!/^\d+$/.test(vmid))
    throw new Error(`usage: qm ${actions.join('|')}|list|status|config|set|unlock VMID [OPTIONS]`)
  if (actions.includes(verb)) {
    await waitForTask(String(await call('POST', `${path}/${vmid}/status/${verb}`, options)))
    return ''
  }
  if (verb === 'status') return `status: ${text(await call('GET', `${path}/${vmid}/status/current`), 'status')}\n`
  if (verb === 'config') return shownConfig(await call('GET', `${path}/${vmid}/config`, options))
  if (verb === 'unlock') {
    await call('PUT', `${path}/${vmid}/config`, { delete: 'lock', skiplock: '1' })
    return ''
  }
  if (verb !== 'set') throw new Error(`ERROR: unknown command 'qm ${verb}'`)
  await call('PUT', `${path}/${vmid}/config`, options)
  const changed = Object.entries(options).map(([key, value]) => ` -${key} ${String(value)}`)
  return `update VM ${vmid}:${changed.join('')}\n`
}

function listVms(data: unknown): string {
  const vms = Array.isArray(data) ? data.map((each: unknown) => each) : []
  const rows = vms.map((vm) =>
    [
      text(vm, 'vmid').padStart(10),
      text(vm, 'name').padEnd(20),
      text(vm, 'status').padEnd(10),
      String(Number(text(vm, 'maxmem')) / 2 ** 20).padEnd(10),
      (Number(text(vm, 'maxdisk')) / 2 ** 30).toFixed(2).padStart(12),
      text(vm, 'pid') || '0',
    ].join(' '),
  )
  return ['      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID', ...rows, ''].join('\n')
}

function shownConfig(data: unknown): string {
  if (typeof data !== 'object' || data === null) return ''
  const entries = Object.entries(data).filter(([key]) => key !== 'digest')
  return entries.map(([key, value]) => `${key}: ${String(value)}\n`).join('')
}

function text(value: unknown, name: string): string {
  const found = fieldOf(value, name)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}
