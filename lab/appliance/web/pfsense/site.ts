import { createSecretCheck } from '../accounts/accounts.ts'
import { createSessions } from '../accounts/sessions.ts'
import type { Site } from '../exchange.ts'
import type { WebFirewall } from '../firewall.ts'
import { answerRpc } from '../xmlrpc/methods.ts'
import { createRestAuthentication } from './rest/authentication.ts'
import { answerRest } from './rest/dispatch.ts'
import { restRoutes } from './rest/routes.ts'
import { PfsenseGui } from './webgui.ts'

/** All that pfSense, with the REST package, serves on its HTTPS port. */
export function pfsenseSite(firewall: WebFirewall): Site {
  const authentication = createRestAuthentication(firewall, createSecretCheck())
  const routes = restRoutes(authentication)
  const webGui = new PfsenseGui(firewall, createSessions(), authentication.byPassword)
  return (request) => {
    if (request.path.startsWith('/api/v2/')) return answerRest(firewall, routes, request, authentication.accountOf)
    if (request.path === '/xmlrpc.php') return answerRpc(firewall, request, authentication.byPassword)
    return webGui.answer(request)
  }
}
