import { gridContent, pageScript } from './script.ts'

/** `/ui/diagnostics/interface/vip`: CARP's status and its three buttons, hidden until the status is there. */
export function vipContent(isTabulator: boolean): string {
  const button = (verb: string, label: string): string =>
    `<button id="carp_status_${verb}" class="carp_action" type="button" hidden data-endpoint="/api/diagnostics/interface/carp_status/${verb}"><b>${label}</b></button>`
  const columns = { interface: 'Interface', vhid: 'VHID', subnet: 'Address', status: 'Status' }
  return `<section id="addresses">
<label for="mode_filter">Filter type
<select id="mode_filter" multiple size="2"><option value="ipalias">IP Alias</option><option value="carp" selected>CARP</option></select></label>
<div id="carp_status_msg" class="alert" role="alert" hidden></div>
${gridContent('grid-vips', columns, isTabulator)}
</section>
<section>
<table><tbody>
<tr><td>Carp allowed</td><td id="carp_allowed">-</td><td>${button('enable', 'Enable CARP')}${button('disable', 'Temporarily Disable CARP')}</td></tr>
<tr><td>Persistent maintenance mode</td><td id="carp_maintenance_mode">-</td><td>${button('maintenance', 'Toggle')}</td></tr>
<tr><td>Current CARP demotion level</td><td id="carp_demotion_level">-</td><td></td></tr>
</tbody></table>
</section>
<section id="pfsync">
<h2>pfSync nodes</h2>
${gridContent('grid-pfsyncnodes', { creatorid: 'Hostid', this: 'This node' }, isTabulator)}
</section>`
}

export const vipScript = `${pageScript}
const icon = (isOn) => '<span class="fa ' + (isOn ? 'fa-check' : 'fa-times') + '">' + (isOn ? '&#10003;' : '&#10007;') + '</span>'
const show = (id, isShown) => (find(id).hidden = !isShown)
async function load() {
  const mode = [...find('mode_filter').selectedOptions].map((option) => option.value)
  const wish = { current: 1, rowCount: -1, sort: {}, searchPhrase: '', ...(mode.length > 0 && { mode }) }
  const { rows, carp } = await call('POST', '/api/diagnostics/interface/get_vip_status', wish)
  fill(find('grid-vips'), rows, [
    ['interface', (row) => row.interface], ['vhid', (row) => row.vhid_txt], ['subnet', (row) => row.subnet],
    ['status', (row) => row.status_txt, (row) => 'state ' + row.status],
  ])
  if (Array.isArray(carp)) return
  find('carp_demotion_level').textContent = carp.demotion
  find('carp_allowed').innerHTML = icon(carp.allow !== '0')
  find('carp_maintenance_mode').innerHTML = carp.maintenancemode ? icon(true) : ''
  find('carp_status_maintenance').firstElementChild.textContent =
    (carp.maintenancemode ? 'Leave' : 'Enter') + ' Persistent CARP Maintenance Mode'
  show('carp_status_enable', carp.allow === '0')
  show('carp_status_disable', carp.allow !== '0')
  show('carp_status_maintenance', true)
  find('carp_status_msg').textContent = plain(carp.status_msg).replaceAll('<br />', ' ')
  show('carp_status_msg', carp.status_msg !== '')
  const nodes = await call('POST', '/api/diagnostics/interface/get_pfsync_nodes', { current: 1, rowCount: -1 })
  fill(find('grid-pfsyncnodes'), nodes.rows, [
    ['creatorid', (row) => row.creatorid], ['this', (row) => (row.this === 1 ? 'yes' : '')],
  ])
}
find('mode_filter').addEventListener('change', load)
for (const button of document.querySelectorAll('.carp_action')) {
  button.addEventListener('click', async () => {
    button.disabled = true
    try {
      await call('POST', button.dataset.endpoint, {})
    } catch (error) {
      find('carp_status_msg').textContent = 'Error changing status: ' + error.message
      show('carp_status_msg', true)
      return
    } finally {
      button.disabled = false
    }
    await load()
  })
}
void load()
`
