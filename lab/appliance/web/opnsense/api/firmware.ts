import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { WebFirewall } from '../../firewall.ts'
import { nextSeries, profileOf } from '../release.ts'
import type { Answer, Call, Routes } from './endpoint.ts'

/** Updates: what there is, and doing it. An upgrade makes the next release of this firewall. */
export function firmwareRoutes(): Routes {
  const work = new FirmwareWork()
  const start = (run: (firewall: WebFirewall) => void) => ({
    answer: ({ firewall, isPost }: Call): Answer => {
      if (!isPost) return { status: 'failure' }
      run(firewall)
      return { status: 'ok', msg_uuid: randomUUID() }
    },
  })
  return {
    'core/firmware/status': { answer: (call) => status(call, work) },
    'core/firmware/info': { answer: info },
    'core/firmware/running': { answer: () => ({ status: work.isBusy ? 'busy' : 'ready' }) },
    'core/firmware/upgradestatus': { answer: () => ({ status: work.state, log: work.log }) },
    'core/firmware/check': start((firewall) => work.check(firewall)),
    'core/firmware/update': start((firewall) => work.update(firewall)),
    'core/firmware/upgrade': start((firewall) => work.upgrade(firewall)),
    'core/firmware/reboot': start((firewall) => work.end(firewall, 'reboot')),
    'core/firmware/poweroff': start((firewall) => work.end(firewall, 'halt')),
  }
}

const stepMs = 400

/** The one update that may run, and its log. */
class FirmwareWork {
  state: 'running' | 'done' | 'reboot' = 'running'
  isBusy = false
  log = ''
  isChecked = false

  check({ control }: WebFirewall): void {
    this.isChecked = true
    if (this.isBusy) return
    this.#finish(`Currently running ${nameOf(control.config.release)} at ${control.system.now().toUTCString()}`, 'done')
  }

  update(firewall: WebFirewall): void {
    this.check(firewall)
    if (!this.isBusy) this.#finish('Your packages are up to date.', 'done')
  }

  upgrade(firewall: WebFirewall): void {
    if (this.isBusy) return
    const next = nextSeries(firewall.control.config.release)
    if (next === undefined) return this.#finish('There are no upgrades available.', 'done')
    this.state = 'running'
    this.isBusy = true
    this.log = `***GOT REQUEST TO UPGRADE***\nFetching packages-${next}-amd64.tar: ..... done\n`
    setTimeout(() => {
      writeFileSync(firewall.releaseFile, `opnsense-${next}\n`)
      this.#finish(`Installing packages-${next}-amd64.tar: ..... done\nPlease reboot.`, 'reboot')
      this.end(firewall, 'reboot')
    }, 4 * stepMs)
  }

  end({ control }: WebFirewall, how: 'reboot' | 'halt'): void {
    setTimeout(() => control.system[how](), stepMs)
  }

  #finish(words: string, state: 'done' | 'reboot'): void {
    this.state = state
    this.isBusy = false
    const before = this.log.endsWith('***\n') ? '' : this.log
    this.log = `${before}${words}\n***${state.toUpperCase()}***\n`
  }
}

function status({ firewall, isPost }: Call, work: FirmwareWork): Answer {
  const { release } = firewall.control.config
  if (isPost) work.check(firewall)
  const next = nextSeries(release)
  const product = { product_id: 'opnsense', product_name: 'OPNsense', product_version: release, product_arch: 'amd64' }
  const common = { product: { ...product, product_latest: release }, needs_reboot: '0' }
  if (!work.isChecked) {
    const status_msg = 'Firmware status requires to check for update first to provide more information.'
    return { ...common, status: 'none', status_msg }
  }
  if (next === undefined) {
    return { ...common, status: 'none', status_msg: 'There are no updates available on the selected mirror.' }
  }
  return {
    ...common,
    status: 'upgrade',
    status_msg: 'There is 1 update available. This update requires a reboot.',
    upgrade_major_version: next,
    needs_reboot: '1',
    upgrade_needs_reboot: '1',
  }
}

function info({ firewall }: Call): Answer {
  const { release } = firewall.control.config
  const core = { name: 'opnsense', version: release, comment: 'OPNsense release package', installed: '1', locked: '0' }
  return { product_id: 'opnsense', product_version: release, package: [core], plugin: [], changelog: [] }
}

function nameOf(release: string): string {
  return `OPNsense ${release} "${profileOf(release).name}"`
}
