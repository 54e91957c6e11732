/** Sending something once: a key made when the form opens, a button that waits, a refusal that is kept to be shown. */
import { useCallback, useLayoutEffect, useRef, useState } from 'react';

export interface Sending<V, R> {
  /** Sends; answers undefined when it was refused, or is being sent already. */
  run: (values: V) => Promise<R | undefined>;
  pending: boolean;
  error: Error | null;
  clear: () => void;
}

/**
 * `send` gets the idempotency key: the same one for every repetition until an answer came, then a new one. An error answer
 * changed nothing on the server, so the next try, also with other values, may keep the key.
 */
export function useSend<V = void, R = unknown>(send: (values: V, key: string) => Promise<R>, done?: (result: R) => unknown): Sending<V, R> {
  const key = useRef<string>(crypto.randomUUID());
  const busy = useRef(false);
  const latest = useRef({ send, done });
  useLayoutEffect(() => {
    latest.current = { send, done };
  });
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const run = useCallback(async (values: V) => {
    if (busy.current) return undefined;
    busy.current = true;
    setPending(true);
    setError(null);
    try {
      const result = await latest.current.send(values, key.current);
      key.current = crypto.randomUUID();
      await latest.current.done?.(result);
      return result;
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)));
      return undefined;
    } finally {
      busy.current = false;
      setPending(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { run, pending, error, clear };
}
