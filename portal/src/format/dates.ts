/** Dates. Instants are UTC and shown in Asia/Shanghai, wherever the browser is; business dates have no time zone. */

const ZONE = 'Asia/Shanghai';
const PARTS = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

function parts(instant: string | Date): Record<string, string> {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  return Object.fromEntries(PARTS.formatToParts(date).map(({ type, value }) => [type, value]));
}

/** `2025-01-01T16:30:00Z` → `2025-01-02 00:30`. */
export function minute(instant: string): string {
  const p = parts(instant);
  return `${p['year']}-${p['month']}-${p['day']} ${p['hour']}:${p['minute']}`;
}

/** `2025-01-01T16:30:00Z` → `2025-01-02`. */
export function day(instant: string | Date): string {
  const p = parts(instant);
  return `${p['year']}-${p['month']}-${p['day']}`;
}

/** Today's business date. */
export function today(now: Date = new Date()): string {
  return day(now);
}

/** A period of cover as certificates print it. */
export function period([first, last]: string[]): string {
  return `${first ?? ''} 0时 至 ${last ?? ''} 24时`;
}

/** Milliseconds as people say them: `2天3小时`, `5分钟`. */
export function duration(ms: number, words: { d: string; h: string; m: string; s: string }): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s}${words.s}`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m}${words.m}`;
  const h = Math.floor(m / 60);
  if (h < 24) return m % 60 ? `${h}${words.h}${m % 60}${words.m}` : `${h}${words.h}`;
  const d = Math.floor(h / 24);
  return h % 24 ? `${d}${words.d}${h % 24}${words.h}` : `${d}${words.d}`;
}
