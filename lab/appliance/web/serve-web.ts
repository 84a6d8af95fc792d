import { existsSync, readFileSync } from 'node:fs'
import type { Runner } from '../commands/server.ts'
import type { Control } from '../control/control.ts'
import { run as runProgram } from '../system/run.ts'
import type { WebFirewall } from './firewall.ts'
import { dhcpdLeaseFile, parseDhcpdLeases } from '../services/dhcpd-leases.ts'
import { leaseFile } from '../services/dnsmasq-config.ts'
import { type Lease, parseLeases } from './leases.ts'
import { startWeb } from './start-web.ts'
import { startWebProcess } from './web-process.ts'

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/firedrill/bin'

/** The web sites of a firewall: `start` begins to serve them, or serves them anew. They end with the process that stands for them. */
export type WebService = { start: () => Promise<void> }

/** A firewall that cannot serve its web sites runs on: `complain` hears the reason. */
export function createWebService(complain: (text: string) => void): {
  service: WebService
  of: (control: Control, runner: Runner) => void
} {
  let firewall: WebFirewall | undefined
  let end = async (): Promise<void> => {}
  const start = async (): Promise<void> => {
    if (firewall === undefined) return
    await end()
    end = await serveOnce(firewall).catch((error: unknown) => {
      complain(error instanceof Error ? error.message : String(error))
      return () => Promise.resolve()
    })
  }
  return { service: { start }, of: (control, runner) => void (firewall = webFirewall(control, runner)) }
}

/** Serves until the process ends; the result ends it. */
async function serveOnce(firewall: WebFirewall): Promise<() => Promise<void>> {
  const process = startWebProcess(firewall.control.flavour)
  const web = await startWeb(firewall, process).catch((error: unknown) => {
    process.kill()
    throw error
  })
  const ended = process.ended.then(web.stop)
  return () => {
    process.kill()
    return ended
  }
}

function webFirewall(control: Control, run: Runner): WebFirewall {
  return {
    control,
    run,
    shell: (line) => runProgram('env', [`PATH=${path}`, 'sh', '-c', line]),
    leases: () => readLeases(control),
    releaseFile: '/conf/release',
  }
}

function readLeases({ config }: Control): Lease[] {
  const whereIs = (address: string): Pick<Lease, 'device' | 'key' | 'description'> => {
    const at = config.interfaces.find((each) => isOn(address, each.address))
    return { device: at?.device ?? '', key: at?.key ?? '', description: at?.description ?? '' }
  }
  const ofDhcpd = parseDhcpdLeases(readIfThere(dhcpdLeaseFile))
  return [
    ...parseLeases(readIfThere(leaseFile), whereIs),
    ...ofDhcpd.map((lease) => ({ ...lease, ...whereIs(lease.address) })),
  ]
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function isOn(address: string, cidr: string): boolean {
  const [network = '', prefix = '0'] = cidr.split('/')
  const size = 2 ** (32 - Number(prefix))
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size)
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
}
