import { isIP } from 'node:net'
import type { Account } from '../accounts/accounts.ts'
import type { Session, Sessions } from '../accounts/sessions.ts'
import type { ApplianceConfig } from '../../config.ts'
import { htmlReply, redirect, type WebReply, type WebRequest } from '../exchange.ts'
import { parseForm, textOf } from '../form.ts'
import { renderPage } from '../layout.ts'
import { mayAsk } from './acl.ts'
import { type Authentication, sessionCookie } from './authentication.ts'
import { loginContent } from './pages/login.ts'
import { findPage } from './pages/pages.ts'
import { hasFeature } from './release.ts'

const home = '/ui/core/dashboard'
const csrfFailure = 'CSRF check failed. Your form session may have expired, or you may not have cookies enabled.'

const menu = {
  Dashboard: home,
  'CARP status': '/ui/diagnostics/interface/vip',
  'High availability': '/ui/core/hasync_status',
  Reboot: '/ui/core/reboot',
  Logout: '/?logout',
}

/** The WebGUI: a login in front of everything, and the pages behind it. */
export class OpnsenseGui {
  readonly #config: ApplianceConfig
  readonly #sessions: Sessions
  readonly #authentication: Authentication
  readonly #frame: { host: string; product: string; accent: string }

  constructor(config: ApplianceConfig, sessions: Sessions, authentication: Authentication) {
    this.#config = config
    this.#sessions = sessions
    this.#authentication = authentication
    const host = `${config.hostName}.${config.domain}`
    this.#frame = { host, product: `OPNsense ${config.release}`, accent: '#3b4658' }
  }

  answer(request: WebRequest): WebReply {
    if (!isOwnName(request, this.#config)) return htmlReply('A potential DNS Rebind attack has been detected.', 501)
    const session = this.#authentication.sessionOf(request)
    const account = session && this.#authentication.accountOf(session)
    if (session === undefined || account === undefined) return this.#logIn(request, session ?? this.#sessions.open())
    if (request.query.has('logout')) {
      this.#sessions.end(session)
      return redirect('/')
    }
    if (request.path === '/' || request.path === '/index.php') return redirect(this.#homeOf(account))
    return this.#showPage(request, session, account)
  }

  #logIn(request: WebRequest, session: Session): WebReply {
    if (request.method !== 'POST') return this.#loginPage(session, '')
    const fields = parseForm(request.body)
    if (textOf(fields, session.tokenName) !== session.token) return htmlReply(csrfFailure, 403)
    const account = this.#authentication.byPassword(textOf(fields, 'usernamefld'), textOf(fields, 'passwordfld'))
    if (account === undefined) return this.#loginPage(session, 'Wrong username or password.')
    const reply = redirect(request.url === '/' ? this.#homeOf(account) : request.url)
    return { ...reply, headers: { ...reply.headers, ...sessionCookie(this.#sessions.logIn(session, account.name)) } }
  }

  #loginPage(session: Session, error: string): WebReply {
    const content = loginContent(session, error)
    const reply = htmlReply(renderPage({ ...this.#frame, title: 'Login', bodyClass: 'page-login', content }))
    return { ...reply, headers: { ...reply.headers, ...sessionCookie(session) } }
  }

  #showPage({ url, path }: WebRequest, { token }: Session, account: Account): WebReply {
    const { release } = this.#config
    const page = findPage(path.replace(/(.)\/$/, '$1'), release)
    if (page === undefined) {
      const content = '<p>There is no such page.</p>'
      return htmlReply(renderPage({ ...this.#frame, title: 'Not found', content, menu }), 404)
    }
    if (!mayAsk(account, url, release)) return redirect(this.#homeOf(account))
    const { title, script } = page
    const content = page.content(hasFeature(release, 'tabulator'))
    return htmlReply(renderPage({ ...this.#frame, title, content, script, menu, token }))
  }

  // The first page that the user may see.
  #homeOf(account: Account): string {
    const pages = [home, '/ui/diagnostics/interface/vip', '/ui/core/hasync_status', '/ui/core/reboot']
    return pages.find((path) => mayAsk(account, path, this.#config.release)) ?? '/?logout'
  }
}

/** Whether the browser asks for the firewall by its address or by its own name. */
function isOwnName({ headers }: WebRequest, { hostName, domain }: ApplianceConfig): boolean {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  const names = ['localhost', hostName, `${hostName}.${domain}`].map((name) => name.toLowerCase())
  return names.includes(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0
}
