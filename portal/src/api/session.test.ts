import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onExpired, sessionFetch } from './session';

/** Answers requests by a script and keeps what was asked. */
function script(...answers: ((request: Request) => Response)[]) {
  const asked: { url: string; body: string; key: string | null; requestedBy: string | null }[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = typeof input === 'string' ? new Request(new URL(input, location.origin), init) : input;
    asked.push({
      url: new URL(request.url).pathname,
      body: await request.clone().text(),
      key: request.headers.get('Idempotency-Key'),
      requestedBy: request.headers.get('X-Requested-By'),
    });
    const next = answers.shift();
    if (!next) throw new Error(`not expected: ${request.url}`);
    return next(request);
  });
  return asked;
}

const status = (code: number) => () => new Response(null, { status: code });
const command = () =>
  new Request(`${location.origin}/api/enrolments/1/reviews`, { method: 'POST', body: '{"opinion":"同意"}', headers: { 'Idempotency-Key': 'key-of-the-form' } });

describe('the session', () => {
  beforeEach(() => {
    localStorage.clear();
    const locks = { request: (_: string, work: () => Promise<unknown>) => work() };
    vi.stubGlobal('navigator', { locks });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('is renewed once, and what was asked is asked again, the same to the byte', async () => {
    const asked = script(status(401), status(200), status(200));
    expect((await sessionFetch(command())).status).toBe(200);
    expect(asked.map(({ url }) => url)).toEqual(['/api/enrolments/1/reviews', '/api/sessions/refresh', '/api/enrolments/1/reviews']);
    expect(asked[2]).toEqual(asked[0]);
    expect(asked.every(({ requestedBy }) => requestedBy === 'portal')).toBe(true);
  });

  it('is not renewed again by a tab that comes later', async () => {
    const asked = script(status(401), () => {
      throw new Error('a refresh token is good for one use');
    });
    vi.stubGlobal('navigator', {
      locks: {
        request: (_: string, work: () => Promise<unknown>) => {
          // Another tab was faster while this one waited for the lock.
          localStorage.setItem('session-renewed-at', (Date.now() + 1).toString());
          return work();
        },
      },
    });
    await expect(sessionFetch(command())).rejects.toThrow('a refresh token');
    expect(asked.map(({ url }) => url)).toEqual(['/api/enrolments/1/reviews', '/api/enrolments/1/reviews']);
  });

  it('asks once to sign in again when it ended, and then sends what waited', async () => {
    const asked = script(status(401), status(401), status(401), status(401), status(200), status(200));
    const ask = vi.fn(() => Promise.resolve(true));
    const forget = onExpired(ask);
    const answers = await Promise.all([sessionFetch(command()), sessionFetch(command())]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(asked.filter(({ url }) => url === '/api/enrolments/1/reviews').every(({ body, key }) => body === '{"opinion":"同意"}' && key === 'key-of-the-form')).toBe(true);
    forget();
  });

  it('hands on the refusal when nobody signs in', async () => {
    script(status(401), status(401));
    expect((await sessionFetch(command())).status).toBe(401);
  });

  it('takes a refused sign-in as its answer', async () => {
    const asked = script(status(401));
    expect((await sessionFetch(new Request(`${location.origin}/api/sessions`, { method: 'POST', body: '{}' }))).status).toBe(401);
    expect(asked).toHaveLength(1);
  });
});
