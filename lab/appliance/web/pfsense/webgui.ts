import { type Account, holds, readAccounts } from '../accounts/accounts.ts'
import type { Session, Sessions } from '../accounts/sessions.ts'
import { cookieOf, htmlReply, redirect, type WebReply, type WebRequest } from '../exchange.ts'
import type { WebFirewall } from '../firewall.ts'
import { type Fields, parseForm, textOf } from '../form.ts'
import { renderPage } from '../layout.ts'
import { frameOf, magicField, menu } from './pages/frame.ts'
import { loginContent } from './pages/login.ts'
import { createMagic, type Magic } from './pages/magic.ts'
import { actOnCarp, statusCarpContent } from './pages/status-carp.ts'
import { versionOf } from './release.ts'

const cookie = 'PHPSESSID'
const privileges: Readonly<Record<string, string>> = {
  '/index.php': 'page-system-login-logout',
  '/status_carp.php': 'page-status-carp',
  '/diag_reboot.php': 'page-diagnostics-rebootsystem',
}

type FindUser = (name: string, password: string) => Account | undefined

/** The WebGUI: a login in front of everything, forms that carry `__csrf_magic`, and CARP's status page. */
export class PfsenseGui {
  readonly #firewall: WebFirewall
  readonly #sessions: Sessions
  readonly #byPassword: FindUser
  readonly #frame: ReturnType<typeof frameOf>
  readonly #magic: Magic = createMagic()

  constructor(firewall: WebFirewall, sessions: Sessions, byPassword: FindUser) {
    const { hostName, domain, release } = firewall.control.config
    this.#firewall = firewall
    this.#sessions = sessions
    this.#byPassword = byPassword
    this.#frame = frameOf(`${hostName}.${domain}`, versionOf(release))
  }

  async answer(request: WebRequest): Promise<WebReply> {
    const session = this.#sessions.find(cookieOf(request, cookie)) ?? this.#sessions.open()
    const fields = request.method === 'POST' ? parseForm(request.body) : {}
    if (request.method === 'POST' && !this.#magic.isValid(session.id, textOf(fields, '__csrf_magic'))) {
      return this.#page('CSRF check failed', '<p>The form session may have expired.</p>', 403)
    }
    const account = readAccounts(this.#firewall.control.store.read()).find(({ name }) => name === session.user)
    if (account === undefined) return this.#logIn(request, session, fields)
    if (request.query.has('logout')) {
      this.#sessions.end(session)
      return redirect('/')
    }
    return this.#show(request, session, account, fields)
  }

  #logIn(request: WebRequest, session: Session, fields: Fields): WebReply {
    if (textOf(fields, 'login') === '') return this.#loginPage(session, '')
    const account = this.#byPassword(textOf(fields, 'usernamefld'), textOf(fields, 'passwordfld'))
    if (account === undefined) return this.#loginPage(session, 'Username or Password incorrect')
    const reply = redirect(request.url)
    return { ...reply, headers: { ...reply.headers, ...keep(this.#sessions.logIn(session, account.name)) } }
  }

  #loginPage(session: Session, error: string): WebReply {
    const content = loginContent(this.#magic.make(session.id), error)
    const reply = htmlReply(renderPage({ ...this.#frame, title: 'Sign in', bodyClass: 'page-login', content }))
    return { ...reply, headers: { ...reply.headers, ...keep(session) } }
  }

  async #show({ method, path }: WebRequest, session: Session, account: Account, fields: Fields): Promise<WebReply> {
    const name = path === '/' ? '/index.php' : path
    const privilege = Object.hasOwn(privileges, name) ? privileges[name] : undefined
    if (privilege === undefined) return this.#page('Not found', '<p>There is no such page.</p>', 404)
    if (!holds(account, privilege)) return this.#page('No page', '<p>No page assigned to this user!</p>', 403)
    if (name === '/status_carp.php') return this.#showCarp(session, fields)
    if (name === '/diag_reboot.php') return this.#showReboot(session, method === 'POST')
    return this.#page('Dashboard', `<section><p>${this.#frame.product}</p></section>`)
  }

  async #showCarp(session: Session, fields: Fields): Promise<WebReply> {
    const notice = await actOnCarp(this.#firewall, fields)
    const { filter, carp, config } = this.#firewall.control
    const creators = [...new Set((await filter.states()).map(({ creator }) => creator))]
    const nodes = { hostId: config.hostId, creators: creators.filter((id) => id !== '00000000').sort() }
    const page = { magic: this.#magic.make(session.id), notice }
    return this.#page('Status / CARP', statusCarpContent(carp.status(), nodes, page))
  }

  #showReboot(session: Session, isConfirmed: boolean): WebReply {
    if (!isConfirmed) return this.#page('Diagnostics / Reboot', rebootForm(this.#magic.make(session.id)))
    setTimeout(() => this.#firewall.control.system.reboot(), 300)
    return this.#page('Diagnostics / Reboot', '<section>Rebooting. Page will automatically reload.</section>')
  }

  #page(title: string, content: string, status = 200): WebReply {
    return htmlReply(renderPage({ ...this.#frame, title, content, menu }), status)
  }
}

function rebootForm(magic: string): string {
  return `<form class="card" method="post">${magicField(magic)}<p>Click "Reboot" to reboot the system immediately.</p>
<button type="submit" name="Submit" value="Reboot">Reboot</button></form>`
}

function keep({ id }: Session): Record<string, string> {
  return { 'set-cookie': `${cookie}=${id}; Path=/; Secure; HttpOnly; SameSite=Lax` }
}
