import { createSecretCheck } from '../accounts/accounts.ts'
import { createSessions } from '../accounts/sessions.ts'
import type { Site } from '../exchange.ts'
import type { WebFirewall } from '../firewall.ts'
import { answerRpc } from '../xmlrpc/methods.ts'
import { answerApi } from './api/dispatch.ts'
import { opnsenseRoutes } from './api/routes.ts'
import { createAuthentication } from './authentication.ts'
import { OpnsenseGui } from './webgui.ts'

/** All that OPNsense serves on its HTTPS port. */
export function opnsenseSite(firewall: WebFirewall): Site {
  const sessions = createSessions()
  const authentication = createAuthentication(firewall, sessions, createSecretCheck())
  const routes = opnsenseRoutes()
  const webGui = new OpnsenseGui(firewall.control.config, sessions, authentication)
  return (request) => {
    if (request.path.startsWith('/api/')) return answerApi(firewall, routes, request, authentication.callerOf)
    if (request.path === '/xmlrpc.php') return answerRpc(firewall, request, authentication.byPassword)
    return webGui.answer(request)
  }
}
