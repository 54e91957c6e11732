/** Money. Everywhere a whole number of fen; people see yuan with two decimals. Never floating point on the way in. */

/** `123450` → `1,234.50`. */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(fen) / 100).toString();
  const cents = (Math.abs(fen) % 100).toString().padStart(2, '0');
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** `1,234.5` → `123450`; undefined if it is no amount of whole fen. */
export function fen(text: string): number | undefined {
  const plain = text.replace(/[,，\s¥￥元]/g, '');
  const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!found) return undefined;
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
}
