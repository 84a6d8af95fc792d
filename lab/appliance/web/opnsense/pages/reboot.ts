import { pageScript } from './script.ts'

/** `/ui/core/reboot` and `/ui/core/halt`: one button that asks again. */
export function endContent(action: 'reboot' | 'halt'): string {
  const word = action === 'reboot' ? 'reboot' : 'power off'
  return `<section>
<p>Are you sure you want to ${word} the system?</p>
<button id="do-${action}" type="button"><b>Yes</b></button>
<div id="rebooting" class="alert" hidden>The system is going down now. Please wait.</div>
</section>`
}

/** The program of that page. */
export function endScript(action: 'reboot' | 'halt'): string {
  return `${pageScript}
find('do-${action}').addEventListener('click', async () => {
  find('do-${action}').hidden = true
  await call('POST', '/api/core/system/${action}', {})
  find('rebooting').hidden = false
})
`
}
