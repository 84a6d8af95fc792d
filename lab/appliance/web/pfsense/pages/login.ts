import { escapeHtml } from '../../exchange.ts'
import { magicField } from './frame.ts'

/** The form that everybody sees first. */
export function loginContent(magic: string, error: string): string {
  const message = error === '' ? '' : `<div class="alert alert-danger error">${escapeHtml(error)}</div>`
  return `<form class="card login" method="post" autocomplete="off">${magicField(magic)}
${message}
<label for="usernamefld">Username<input type="text" name="usernamefld" id="usernamefld" autofocus></label>
<label for="passwordfld">Password<input type="password" name="passwordfld" id="passwordfld"></label>
<input type="submit" name="login" class="btn" value="Sign In">
</form>`
}
