// An HTTPS server that answers 401 to a POST as soon as it has its head, and closes; GETs are answered as usual.
// node node_tls_early.mjs ADDRESS PORT KEY CERT
import { appendFileSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import process from 'node:process'

const [address, port, key, cert] = process.argv.slice(2)
createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
  const refused = request.method === 'POST'
  const line = { t: Date.now() / 1000, event: 'request', id: request.headers['x-request-id'], status: refused ? 401 : 200 }
  appendFileSync(process.env.LAB_LOG, JSON.stringify(line) + '\n')
  if (refused) response.writeHead(401, { connection: 'close', 'content-length': 0 }).end()
  else response.writeHead(200, { 'content-length': 5 }).end('hello')
}).listen(Number(port), address)
