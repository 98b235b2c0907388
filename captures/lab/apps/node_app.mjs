// The application behind Node's http server: /hello, /sleep/S, /bytes/N, WebSocket-like upgrade on /ws.
// LAB_OPTIONS (JSON) sets server properties such as keepAliveTimeout, headersTimeout, requestTimeout.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';

const [host, port] = [process.argv[2], Number(process.argv[3])];
const options = JSON.parse(process.env.LAB_OPTIONS || '{}');

function note(event, socket, more) {
  const line = { t: Date.now() / 1000, event, peer: `${socket.remoteAddress}:${socket.remotePort}`,
    local: `${socket.localAddress}:${socket.localPort}`, ...more };
  fs.appendFileSync(process.env.LAB_LOG, JSON.stringify(line) + '\n');
}

const server = http.createServer(options.create || {}, (request, response) => {
  const [, word, number] = request.url.split('/');
  const more = { id: request.headers['x-request-id'] || null, path: request.url };
  note('request', request.socket, more);
  const answer = (body) => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': body.length });
    response.end(body);
    note('answered', response.socket || request.socket, more);
  };
  request.on('error', () => {});
  request.resume();
  request.on('end', () => {
    if (word === 'sleep') setTimeout(() => answer('slept well\n'), Number(number) * 1000);
    else if (word === 'bytes') answer('x'.repeat(Number(number)));
    else answer('hello\n');
  });
});

// Not a WebSocket library: after the 101 the bytes are frames the driver writes itself; each is echoed.
server.on('upgrade', (request, socket) => {
  note('request', socket, { id: request.headers['x-request-id'] || null, path: request.url });
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.on('data', (bytes) => socket.write(Buffer.from([0x81, 4, 0x70, 0x6f, 0x6e, 0x67])));
  socket.on('end', () => socket.end());
  socket.on('error', () => {});
});
server.on('connection', (socket) => note('accept', socket, {}));
server.on('clientError', (error, socket) => {
  note('clientError', socket, { code: error.code });
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  } else socket.destroy();
});
for (const [name, value] of Object.entries(options.server || {})) server[name] = value;
server.listen(port, host);
process.on('SIGTERM', () => { server.close(); server.closeIdleConnections(); });
