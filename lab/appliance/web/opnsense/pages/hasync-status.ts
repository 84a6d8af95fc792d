import { gridContent, pageScript } from './script.ts'

/** `/ui/core/hasync_status`: the peer's versions and services. */
export function hasyncStatusContent(isTabulator: boolean): string {
  return `<section id="status_error" class="alert error" hidden></section>
<section id="status_ok" hidden>
<div id="version_warning" class="alert" hidden>Remote version differs from this machine, please update first before using any of the actions below to avoid breakage.</div>
<p>Backup firewall version: <span id="remote_firmware_version">-</span></p>
<button id="act_restart_all" type="button">Synchronize and reconfigure all</button>
<h2>Services</h2>
${gridContent('grid_services', { name: 'Service', description: 'Description', status: 'Status' }, isTabulator)}
</section>`
}

export const hasyncStatusScript = `${pageScript}
async function load() {
  const version = await call('GET', '/api/core/hasync_status/version')
  if (version.status === 'error' || version.response === undefined) {
    find('status_error').textContent = plain(version.message ?? 'The backup firewall is not accessible or not configured.')
    find('status_error').hidden = false
    find('status_ok').hidden = true
    return
  }
  const { firmware } = version.response
  find('status_error').hidden = true
  find('status_ok').hidden = false
  find('remote_firmware_version').textContent = plain(firmware.version)
  find('version_warning').hidden = firmware.version === firmware._my_version
  const { rows } = await call('POST', '/api/core/hasync_status/services', { current: 1, rowCount: -1 })
  fill(find('grid_services'), rows, [
    ['name', (row) => row.name], ['description', (row) => row.description],
    ['status', (row) => (row.status ? 'running' : 'stopped'), (row) => 'state ' + (row.status ? 'MASTER' : 'INIT')],
  ])
}
find('act_restart_all').addEventListener('click', async () => {
  find('act_restart_all').disabled = true
  await call('POST', '/api/core/hasync_status/restart_all', {})
  find('act_restart_all').disabled = false
  await load()
})
void load()
`
