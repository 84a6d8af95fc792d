import type { CarpStatus, CarpVip } from '../../../control/carp-control.ts'
import { escapeHtml } from '../../exchange.ts'
import { type Fields, textOf } from '../../form.ts'
import type { WebFirewall } from '../../firewall.ts'
import { magicField } from './frame.ts'

/** What the page's buttons do. Their values are targets: asking again for what is so changes nothing. Returns what to tell. */
export async function actOnCarp({ control, run }: WebFirewall, fields: Fields): Promise<string> {
  const { allow, maintenance } = control.carp.status()
  const isSet = (name: string): boolean => textOf(fields, name) !== ''
  if (isSet('carp_maintenancemode')) {
    const wanted = textOf(fields, 'carp_maintenancemode') === 'enable'
    if (wanted === maintenance) return `CARP maintenance mode is already ${wanted ? 'enabled' : 'disabled'}.`
    await (wanted ? control.carp.enterMaintenance() : control.carp.leaveMaintenance())
    return ''
  }
  if (isSet('disablecarp')) {
    const wanted = textOf(fields, 'disablecarp') === 'enable'
    if (wanted === allow) return `CARP is already ${wanted ? 'enabled' : 'disabled'}.`
    await (wanted ? control.carp.enable() : control.carp.disable())
    return wanted
      ? ''
      : `${carpVips(control.carp.status()).length} IPs have been disabled. Please note that disabling does not survive a reboot and some configuration changes will re-enable.`
  }
  const { demotion } = control.carp.status()
  if (isSet('resetdemotion') && demotion !== 0) await run('sysctl', [`net.inet.carp.demotion=${-demotion}`])
  return ''
}

/** `/status_carp.php`. */
export function statusCarpContent(
  status: CarpStatus,
  nodes: { hostId: string; creators: readonly string[] },
  page: { magic: string; notice: string },
): string {
  const vips = carpVips(status)
  const notice = page.notice === '' ? '' : `<div class="alert" id="notice">${escapeHtml(page.notice)}</div>`
  if (vips.length === 0) return `${notice}<div class="alert">No CARP interfaces have been defined.</div>`
  return `${notice}<form class="card" action="status_carp.php" method="post">${magicField(page.magic)}
${status.demotion === 0 ? '' : demotionNotice(status.demotion)}
${carpButton(status.allow)}
${maintenanceButton(status.maintenance)}
</form>
<section><h2>CARP Status</h2><table>
<thead><tr><th>Interface and VHID</th><th>Virtual IP Address</th><th>Description</th><th>Status</th></tr></thead>
<tbody>${vips.map((vip) => row(vip, status.allow)).join('')}</tbody></table></section>
<section><h2>State Synchronization Status</h2><p>State Creator Host IDs:</p><ul id="creators">
${nodes.creators.map((id) => `<li>${id}${id === nodes.hostId ? ' (This node)' : ''}</li>`).join('')}</ul></section>`
}

function demotionNotice(demotion: number): string {
  const words = `CARP has detected a problem and this unit has a non-zero demotion status (${demotion}).`
  return `<div class="alert">${words} Check the link status on all interfaces configured with CARP VIPs.<br>
<button type="submit" id="resetdemotion" name="resetdemotion" value="yes">Reset CARP Demotion Status</button></div>`
}

function carpButton(allow: boolean): string {
  const [value, text] = allow ? ['disable', 'Temporarily Disable CARP'] : ['enable', 'Enable CARP']
  return `<button type="submit" name="disablecarp" value="${value}">${text}</button>`
}

function maintenanceButton(isOn: boolean): string {
  const [value, word] = isOn ? ['disable', 'Leave'] : ['enable', 'Enter']
  return `<button type="submit" id="carp_maintenancemode" name="carp_maintenancemode" value="${value}">${word} Persistent CARP Maintenance Mode</button>`
}

function row({ interface: name, vhid, address, prefix, description, state }: CarpVip, allow: boolean): string {
  const shown = allow ? state : 'DISABLED'
  const cells = [`${name}@${vhid}`, `${address}/${prefix}`, description].map((text) => `<td>${escapeHtml(text)}</td>`)
  return `<tr>${cells.join('')}<td><span class="state ${shown}">${shown}</span></td></tr>`
}

function carpVips({ vips }: CarpStatus): CarpVip[] {
  return vips.filter(({ mode }) => mode === 'carp')
}
