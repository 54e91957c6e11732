/** The codes of an authenticator (RFC 6238: HMAC-SHA1, 30 seconds, six digits). */
import { createHmac } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_S = 30;

function bytes(secret: string): Buffer {
  const bits = [...secret.replace(/[\s=]/g, '').toUpperCase()].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => parseInt(octet, 2)));
}

/** The code of a moment, in seconds since 1970. */
export function totp(secret: string, at_s: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at_s / STEP_S)));
  const digest = createHmac('sha1', bytes(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return ((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0');
}

/** The code that is shown now, or `steps` later. */
export function code(secret: string, steps = 0): string {
  return totp(secret, Date.now() / 1000 + steps * STEP_S);
}
