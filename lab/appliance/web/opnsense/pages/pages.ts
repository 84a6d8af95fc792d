import { hasFeature, type Feature } from '../release.ts'
import { endContent, endScript } from './reboot.ts'
import { hasyncStatusContent, hasyncStatusScript } from './hasync-status.ts'
import { pageScript } from './script.ts'
import { vipContent, vipScript } from './vip.ts'

/** A page for who is logged in. */
export type UiPage = { title: string; feature?: Feature; content: (isTabulator: boolean) => string; script: string }

/** Pages by address. */
const uiPages: Readonly<Record<string, UiPage>> = {
  '/ui/core/dashboard': {
    title: 'Lobby: Dashboard',
    content: () => '<section><table><tbody id="facts"></tbody></table></section>',
    script: `${pageScript}
void Promise.all([
  call('GET', '/api/diagnostics/system/system_information'), call('GET', '/api/diagnostics/system/system_time'),
]).then(([about, time]) => {
  const facts = [['Name', about.name], ['Versions', about.versions.join(', ')], ['Uptime', time.uptime], ['Time', time.datetime]]
  find('facts').replaceChildren(...facts.map(([name, text]) => {
    const row = document.createElement('tr')
    for (const each of [name, text]) row.insertCell().textContent = plain(each)
    return row
  }))
})
`,
  },
  '/ui/diagnostics/interface/vip': { title: 'Interfaces: Virtual IPs: Status', content: vipContent, script: vipScript },
  '/ui/core/hasync_status': {
    title: 'System: High Availability: Status',
    feature: 'hasyncStatus',
    content: hasyncStatusContent,
    script: hasyncStatusScript,
  },
  '/ui/core/reboot': { title: 'Power: Reboot', content: () => endContent('reboot'), script: endScript('reboot') },
  '/ui/core/halt': { title: 'Power: Power Off', content: () => endContent('halt'), script: endScript('halt') },
}

/** The page at an address, where the release has it. */
export function findPage(path: string, release: string): UiPage | undefined {
  const page = Object.hasOwn(uiPages, path) ? uiPages[path] : undefined
  return page?.feature === undefined || hasFeature(release, page.feature) ? page : undefined
}
