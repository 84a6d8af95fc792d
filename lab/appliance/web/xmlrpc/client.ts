import { request } from 'node:https'
import { parseResponse, renderCall, type RpcValue } from './codec.ts'

/** The other node of the pair, and who calls it. */
export type Peer = { host: string; user: string; password: string }

const limitMs = 60_000

/** Calls a method of the peer's /xmlrpc.php. Its certificate is not checked, as in both products. Rejects with the peer's words. */
export async function callPeer(peer: Peer, method: string, params: RpcValue[] = []): Promise<RpcValue> {
  const body = renderCall({ method, params })
  const { status, text } = await post(peer, body)
  if (status !== 200) throw new Error(`${peer.host} answers ${status} to ${method}`)
  return parseResponse(text)
}

function post({ host, user, password }: Peer, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) }
  const options = { host, path: '/xmlrpc.php', method: 'POST', rejectUnauthorized: false, timeout: limitMs, headers }
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, auth: `${user}:${password}` }, (incoming) => {
      const pieces: Buffer[] = []
      incoming.on('data', (piece: Buffer) => pieces.push(piece))
      incoming.on('error', reject)
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(pieces).toString() }))
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${host} does not answer`)))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
