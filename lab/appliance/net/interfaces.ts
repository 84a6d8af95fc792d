import { byLine, startService } from '../system/service.ts'
import { run } from '../system/run.ts'
import { type Interfaces, readMonitorLine } from './monitor-line.ts'

/** The live picture of the machine's interfaces. `onLink` hears of each change of carrier or administrative state. */
export type InterfaceWatch = {
  interfaces: Interfaces
  /** Reads the whole picture again; `ip monitor` may lag behind a command. */
  refresh: () => Promise<void>
  stop: () => void
}

/** A change of one interface; `up` is what CARP asks for: administratively up and carrier. */
export type LinkChange = { device: string; up: boolean; carrier: boolean; carrierChanged: boolean }

/** Follows netlink through `ip monitor`; resolves when the first picture is complete. */
export async function watchInterfaces(onLink: (change: LinkChange) => void): Promise<InterfaceWatch> {
  const interfaces: Interfaces = new Map()
  let complete = false
  function take(line: string): void {
    const device = readMonitorLine(interfaces, line)
    if (device !== undefined && complete) report(device)
  }
  const known = new Map<string, { up: boolean; carrier: boolean }>()
  function report(device: string): void {
    const state = interfaces.get(device)
    if (state === undefined) return
    const before = known.get(device)
    const up = state.adminUp && state.carrier
    known.set(device, { up, carrier: state.carrier })
    if (before === undefined || (before.up === up && before.carrier === state.carrier)) return
    onLink({ device, up, carrier: state.carrier, carrierChanged: before.carrier !== state.carrier })
  }
  const monitor = startService({
    command: 'ip',
    args: ['-o', 'monitor', 'link', 'address'],
    onOutput: byLine(take),
  })
  async function refresh(): Promise<void> {
    for (const what of ['link', 'address']) for (const line of await dump(what)) take(line)
  }
  await refresh()
  complete = true
  for (const device of interfaces.keys()) report(device)
  return { interfaces, refresh, stop: monitor.stop }
}

async function dump(what: string): Promise<string[]> {
  const { output } = await run('ip', ['-o', what, 'show'])
  return output.split('\n')
}
