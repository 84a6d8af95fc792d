import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'

/**
 * A web server on ports 80 and 443, with the key and certificate of the folder that it is given. Runs inside the `target` machine
 * from a read-only mount of this folder, hence node builtins only. `/` and `/health` are pages; anything else is 404.
 */
const [folder = '/etc/firedrill'] = process.argv.slice(2)
const pages: Readonly<Record<string, string>> = {
  '/': '<!doctype html><title>target</title>reached\n',
  '/health': 'ok\n',
}

const answer: RequestListener = (request, response) => {
  const page = pages[request.url ?? '']
  response.writeHead(page === undefined ? 404 : 200, { 'Content-Type': 'text/html; charset=utf-8' })
  response.end(page ?? 'not found\n')
}

createHttpServer(answer).listen({ port: 80 })
createHttpsServer({ key: readFileSync(`${folder}/web.key`), cert: readFileSync(`${folder}/web.crt`) }, answer).listen({
  port: 443,
})
