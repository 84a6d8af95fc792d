import type { Page } from 'playwright'
import { HarnessError, exitCodes } from '../../../model/failure.ts'
import type { Login } from './status-page.ts'

/** The parts of a product's login form. */
export interface SignInForm {
  button: string
  error: string
}

const userField = '#usernamefld'
const passwordField = '#passwordfld'

/**
 * Visits a page; where the login form comes instead, signs in as a person would and visits it again. `visit` goes there and resolves to what it
 * shows, which is not asked for while the form is there. Nothing of an earlier page is still under way meanwhile.
 */
export async function signedIn<T>(
  page: Page,
  { path, form, login }: { path: string; form: SignInForm; login: Login },
  shown: () => Promise<T>,
): Promise<T> {
  const first = await visit(page, path, shown)
  if (first !== null) return await first.shown
  await page.fill(userField, login.user)
  await page.fill(passwordField, login.password)
  await Promise.all([page.waitForEvent('load'), page.click(form.button)])
  if (await isSignIn(page)) throw await refused(page, form, login)
  const second = await visit(page, path, shown)
  if (second === null) throw await refused(page, form, login)
  return await second.shown
}

async function visit<T>(page: Page, path: string, show: () => Promise<T>): Promise<{ shown: Promise<T> } | null> {
  await page.goto('about:blank')
  const shown = show()
  shown.catch(() => {}) // where the form came, it never shows; otherwise the caller hears of it
  await page.goto(path)
  return (await isSignIn(page)) ? null : { shown }
}

const isSignIn = async (page: Page): Promise<boolean> => (await page.locator(userField).count()) > 0

async function refused(page: Page, { error }: SignInForm, { node, user }: Login): Promise<HarnessError> {
  const said = await page.locator(error).allInnerTexts()
  const text = said.join(' ').replaceAll(/\s+/g, ' ').trim()
  return new HarnessError(`${node}: the WebGUI does not let ${user} in${text === '' ? '' : `: ${text}`}`, {
    exitCode: exitCodes.unavailable,
    kind: 'unauthenticated',
    hint: `are user= and password= in machines.${node}.api.credentialsFile right?`,
  })
}
