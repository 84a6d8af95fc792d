import type { Session } from '../../accounts/sessions.ts'
import { escapeHtml } from '../../exchange.ts'

/** The form that everybody sees first. The hidden field has a name of the session's own. */
export function loginContent({ tokenName, token }: Session, error: string): string {
  const message = error === '' ? '' : `<div id="inputerrors" class="alert error">${escapeHtml(error)}</div>`
  return `<form class="card" id="iform" name="iform" method="post" autocomplete="off">
<input type="hidden" name="${tokenName}" value="${token}" autocomplete="new-password">
${message}
<label for="usernamefld">Username:<input id="usernamefld" type="text" name="usernamefld" autofocus></label>
<label for="passwordfld">Password:<input id="passwordfld" type="password" name="passwordfld"></label>
<button type="submit" name="login" value="1">Login</button>
</form>`
}
