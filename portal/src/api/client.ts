/**
 * The typed client, made at build from docs/openapi.json. Pages call it inside `answer(…)`, which gives the body or
 * throws `Refused`; nothing here is written by hand per route.
 */
import createClient from 'openapi-fetch';
import { Refused, problemOf, unreachable } from './problem';
import type { paths } from './schema.gen';
import { sessionFetch } from './session';

/** One client for the whole portal; the server that serves the portal passes /api/* on. */
export const api = createClient<paths>({ baseUrl: `${globalThis.location.origin}/api`, fetch: sessionFetch });

interface Raw<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function settle<T>(call: Promise<Raw<T>>): Promise<Raw<T>> {
  let raw: Raw<T>;
  try {
    raw = await call;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw unreachable();
  }
  if (!raw.response.ok) throw new Refused(problemOf(raw.response.status, raw.error), raw.response.headers.get('ETag'));
  return raw;
}

/** The body of an answer. */
export async function answer<T>(call: Promise<Raw<T>>): Promise<T> {
  return (await settle(call)).data as T;
}

/** The body and the version that `If-Match` wants. */
export async function versioned<T>(call: Promise<Raw<T>>): Promise<{ body: T; version: string }> {
  const { data, response } = await settle(call);
  return { body: data as T, version: response.headers.get('ETag') ?? '"0"' };
}

/** The body and the version, as a number. */
export async function numbered<T>(call: Promise<Raw<T>>): Promise<{ body: T; version: number }> {
  const { body, version } = await versioned(call);
  return { body, version: Number(version.replaceAll('"', '')) };
}
