/**
 * The session lives in HttpOnly cookies that no script sees. An access token that ran out is renewed once, for all tabs
 * together: a refresh token is good for one use, and using it twice revokes the whole session. When there is nothing to
 * renew, the page stays as it is – a form loses nothing – and asks, in a dialog over it, to sign in again; the request
 * waits and is sent again afterwards.
 */

/** What every request that may change something carries, so that no other site can send it (with SameSite=Strict). */
export const REQUESTED_BY = { 'X-Requested-By': 'portal' } as const;
/** Asks for cookies instead of tokens in the body. */
export const COOKIE_MODE = { 'X-Session-Mode': 'cookie' } as const;

const RENEWED_AT = 'session-renewed-at';

type Ask = () => Promise<boolean>;
let askToSignIn: Ask = () => Promise.resolve(false);
let asking: Promise<boolean> | undefined;

/** The dialog registers itself here; it answers whether somebody signed in. */
export function onExpired(ask: Ask): () => void {
  askToSignIn = ask;
  return () => {
    askToSignIn = () => Promise.resolve(false);
  };
}

/** Remembers that the cookies are new, for the other tabs. */
export function sessionBegan(): void {
  localStorage.setItem(RENEWED_AT, Date.now().toString());
}

/** Renews the session unless another tab did so since `since`. */
async function renew(since: number): Promise<boolean> {
  return navigator.locks.request('session', async () => {
    if (Number(localStorage.getItem(RENEWED_AT) ?? 0) > since) return true;
    const answer = await fetch('/api/sessions/refresh', {
      method: 'POST',
      headers: { ...REQUESTED_BY, ...COOKIE_MODE, 'Content-Type': 'application/json' },
      body: '{}',
    });
    if (answer.ok) sessionBegan();
    return answer.ok;
  });
}

/** Requests that are about signing in themselves: a 401 is their answer. */
function isAboutSessions(url: string): boolean {
  return /\/api\/(sessions|passwords|captchas|certificates\/verification)(\/|$|\?)/.test(new URL(url).pathname);
}

/** `fetch` that keeps the session going. */
export async function sessionFetch(request: Request): Promise<Response> {
  const sentAt = Date.now();
  if (request.method !== 'GET') Object.entries(REQUESTED_BY).forEach(([name, value]) => request.headers.set(name, value));
  // A body can be read once; what is sent again is a copy.
  const answer = await fetch(request.clone());
  if (answer.status !== 401 || isAboutSessions(request.url)) return answer;
  if (await renew(sentAt)) return fetch(request.clone());
  asking ??= askToSignIn().finally(() => {
    asking = undefined;
  });
  return (await asking) ? fetch(request.clone()) : answer;
}
