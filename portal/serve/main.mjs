/**
 * Serves the built portal on a laptop, as CloudFront does in AWS: files of dist/, /api/* passed on to the API without that
 * prefix, and the security headers of headers.json, which infra/probes/rules.py compares with the template's.
 *
 * Environment: PORTAL_PORT; PORTAL_API, the API's address; PORTAL_STORAGE, where files are posted and fetched;
 * PORTAL_HINTS, a file shown as /local/hints.json.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { request as askSecurely } from 'node:https';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = join(here, '../dist');
const port = Number(process.env.PORTAL_PORT ?? 5173);
const api = new URL(process.env.PORTAL_API ?? 'http://127.0.0.1:4566');
const storage = process.env.PORTAL_STORAGE ?? api.origin;
const hints = process.env.PORTAL_HINTS;

const headers = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(join(here, 'headers.json'), 'utf8'))).map(([name, value]) => [name, value.replaceAll('{uploads}', storage).replaceAll('{documents}', storage)]),
);

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
};

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The file an address names; the one page of the application for everything that is no file, also with a dot in it. */
function fileOf(path) {
  const wanted = join(dist, normalize(path));
  if (wanted.startsWith(dist) && extname(wanted) && isFile(wanted)) return wanted;
  return path.startsWith('/assets/') ? undefined : join(dist, 'index.html');
}

function sendFile(response, file) {
  const named = file.includes('/assets/');
  response.writeHead(200, {
    ...headers,
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    // Names of assets change with their content.
    'Cache-Control': named ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  pipeline(createReadStream(file), response, () => undefined);
}

function plain(response, status, text) {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** Hop-by-hop headers are ours, not theirs. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'host']);
const passed = (all) => Object.fromEntries(Object.entries(all).filter(([name]) => !HOP.has(name)));

function proxy(incoming, response) {
  const send = api.protocol === 'https:' ? askSecurely : ask;
  const path = api.pathname.replace(/\/$/, '') + incoming.url.slice('/api'.length);
  const outgoing = send({ hostname: api.hostname, port: api.port, method: incoming.method, path, headers: { ...passed(incoming.headers), host: api.host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, passed(answer.headers));
    pipeline(answer, response, () => undefined);
  });
  outgoing.on('error', () => {
    if (response.headersSent) response.destroy();
    else plain(response, 502, 'The API does not answer.');
  });
  pipeline(incoming, outgoing, (error) => error && outgoing.destroy());
}

function answer(incoming, response) {
  const { pathname } = new URL(incoming.url, 'http://localhost');
  if (pathname.startsWith('/api/')) return proxy(incoming, response);
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return plain(response, 405, 'Only GET.');
  if (pathname === '/local/hints.json') return hints ? sendFile(response, hints) : plain(response, 404, 'Not here.');
  const path = decodeURIComponent(pathname);
  const file = path.includes('\0') ? undefined : fileOf(path);
  return file ? sendFile(response, file) : plain(response, 404, 'Not here.');
}

createServer((incoming, response) => {
  try {
    answer(incoming, response);
  } catch {
    // What cannot be read as an address.
    plain(response, 400, 'Not an address.');
  }
}).listen(port, 'localhost', () => console.log(`portal on http://localhost:${port}`));
