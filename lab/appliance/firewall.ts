import type { ApplianceConfig } from './config.ts'
import { serveCommands } from './commands/server.ts'
import { commands } from './commands/registry.ts'
import { startCarp } from './carp/start-carp.ts'
import type { Speaker } from './carp/speaker.ts'
import { carpMemberHook } from './hooks/carp-member.ts'
import { type CarpHook, createSyshook } from './hooks/syshook.ts'
import { wanHook } from './hooks/wan-hook.ts'
import { type InterfaceWatch, type LinkChange, watchInterfaces } from './net/interfaces.ts'
import { type IpShell, startIpShell } from './net/ip-shell.ts'
import { applyKernelSettings } from './pf/kernel-settings.ts'
import { deviceOf, renderRules } from './pf/rules.ts'
import { startPfsync } from './pfsync/start-pfsync.ts'
import { run } from './system/run.ts'
import { openSystemLog, type SystemLog } from './system/system-log.ts'
import { Wan } from './wan/wan.ts'

/**
 * Boots the firewall in this machine: kernel settings and rules, addresses, state sync (demoted until the peer's states
 * are here), CARP, hooks, commands. Resolves when it runs; rejects when the machine is unfit, with the reason.
 */
export async function startFirewall(config: ApplianceConfig): Promise<void> {
  const bootedAtMs = performance.now()
  const log = openSystemLog('/var/log/system', `${config.hostName}.localdomain`, bootedAtMs)
  const shell = startIpShell((line) => log.program('ip', line, 27))
  applyKernelSettings()
  await loadRules(config)
  let onLink: (change: LinkChange) => void = () => undefined
  const { interfaces, refresh } = await watchInterfaces((change) => onLink(change))
  await configureInterfaces(config, shell)
  await refresh()

  const wan = createWan(config, shell, log)
  const syshook = createSyshook(carpHooks(config, wan, log), log)
  let speaker: Speaker | undefined
  const pfsync = await startPfsync(config, {
    shell,
    mtuOf: (device) => interfaces.get(device)?.mtu ?? 1500,
    demote: (by, reason) => speaker?.apply({ kind: 'demote', by, reason }),
    log: log.kernel,
  })
  speaker = await startCarp(config, {
    shell,
    log: log.kernel,
    notify: (subsystem, state) => void syshook(subsystem, state),
    isUp: (device) => isUp(interfaces, device),
    beforeAttach: (ready) => {
      speaker = ready
      onLink = (change) =>
        linkChanged(change, {
          speaker: ready,
          wan,
          log,
          pfsyncDevice: pfsync?.device,
          requestBulk: pfsync?.requestBulk,
        })
      pfsync?.requestBulk()
    },
  })
  if (config.preempt && !config.defects.includes('preempt-off')) speaker.apply({ kind: 'preempt', preempt: true })
  if (wan !== undefined && !config.wanHook) void wan.enable()
  serveCommands({ config, speaker, interfaces, pfsync, bootedAtMs }, commands)
}

async function loadRules(config: ApplianceConfig): Promise<void> {
  const { status, output } = await run('nft', ['-f', '-'], `flush ruleset\n${renderRules(config)}`)
  if (status !== 0) throw new Error(`nft refuses the rules: ${output.trim()}`)
}

async function configureInterfaces({ interfaces }: ApplianceConfig, shell: IpShell): Promise<void> {
  await shell.run('link set lo up')
  for (const { device, address } of interfaces) {
    if (address !== 'dhcp') await shell.run(`addr add ${address} brd + dev ${device}`, `link set ${device} up`)
  }
}

function createWan(config: ApplianceConfig, shell: IpShell, log: SystemLog): Wan | undefined {
  const leased = config.interfaces.find(({ address }) => address === 'dhcp')
  if (leased === undefined) return undefined
  const ownAddress = config.defects.includes('nat-own-address') ? leased.ownAddress : undefined
  return new Wan({ device: leased.device, shell, log, ownAddress })
}

function carpHooks(config: ApplianceConfig, wan: Wan | undefined, log: SystemLog): CarpHook[] {
  const hooks = [carpMemberHook(config, log)]
  if (config.wanHook && wan !== undefined && deviceOf(config, 'wan') === wan.device) hooks.push(wanHook(wan, log))
  return hooks
}

function isUp(interfaces: InterfaceWatch['interfaces'], device: string): boolean {
  const state = interfaces.get(device)
  return state !== undefined && state.adminUp && state.carrier
}

type LinkListeners = {
  speaker: Speaker
  wan: Wan | undefined
  log: SystemLog
  pfsyncDevice: string | undefined
  requestBulk: (() => void) | undefined
}

function linkChanged({ device, up, carrier, carrierChanged }: LinkChange, around: LinkListeners): void {
  if (carrierChanged) around.log.kernel(`${device}: link state changed to ${carrier ? 'UP' : 'DOWN'}`)
  around.speaker.apply({ kind: 'link', device, up })
  if (carrierChanged && device === around.wan?.device) void around.wan.linkChanged(carrier)
  if (carrierChanged && up && device === around.pfsyncDevice) around.requestBulk?.()
}
