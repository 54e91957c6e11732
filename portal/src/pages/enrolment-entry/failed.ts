/** The failed rows of a batch as they were read, and how those that are being corrected are read again. */
import type { InfiniteData } from '@tanstack/react-query';
import { api, numbered } from '../../api/client';
import { Refused } from '../../api/problem';
import type { Corrected, FailedPage, RowInput } from '../../api/schema.gen';
import type { Translate } from '../../i18n';
import type { Line } from '../../kit/versioned';
import { inputOf, type Row } from './RowGrid';

/** Rows read by one request, and most that are sent by one: they are read again in one piece. */
export const ROWS_MAX = 100;

export interface Path {
  enrolment: string;
  upload: string;
}

/** With the version of the enrolment it was read at. */
type Page = FailedPage & { version: number };
export type Read = InfiniteData<Page, string>;

export async function readPage(path: Path, asked: { cursor?: string; rows?: string }): Promise<Page> {
  const query = { limit: ROWS_MAX, ...asked };
  const { body, version } = await numbered(api.GET('/enrolments/{enrolment}/batches/{upload}/failed-rows', { params: { path, query } }));
  return { ...body, version };
}

/** Rows as a version of the enrolment has them. */
export interface Seen {
  version: number;
  rows: Row[];
  /** No row of the batch is failed any more. */
  ended?: boolean;
}

/** Those of the rows that are still failed, as they are now. Where none is left there is no list any more: `now` tells the version then. */
export async function readAgain(path: Path, rows: RowInput[], now: () => Promise<number>): Promise<Seen> {
  try {
    const page = await readPage(path, { rows: rows.map(({ row_number }) => row_number).join() });
    return { version: page.version, rows: page.rows.items };
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return { version: await now(), rows: [], ended: true };
    throw error;
  }
}

/** Those that are among the others, by their numbers. */
export function among<R extends { row_number: number }>(rows: R[], others: { row_number: number }[]): R[] {
  const numbers = new Set(others.map(({ row_number }) => row_number));
  return rows.filter(({ row_number }) => numbers.has(row_number));
}

/** Each row in a line. */
export function rowLines(rows: RowInput[], t: Translate): Line[] {
  const cells = ({ name, id_number, mobile, occupation, shares = [] }: RowInput) => [name, id_number, mobile, occupation, ...shares].map((cell) => cell || '–').join('，');
  const inOrder = [...rows].sort((a, b) => a.row_number - b.row_number);
  return inOrder.map((row) => ({ label: t('第{row}行', { row: row.row_number }), value: cells(row) }));
}

export const seenLines = (rows: Row[], t: Translate) => rowLines(rows.map(inputOf), t);

/**
 * The list after a correction that was sent against version `from`: rows that passed are gone, the others stand there as
 * they were sent. Pages of that version have come along to the new one; on older ones others may have changed something.
 */
export function corrected(read: Read, sent: RowInput[], outcome: Corrected, from: number): Read {
  const still = new Map(outcome.failed.map((row) => [row.row_number, row.reasons]));
  const values = new Map(sent.map((row) => [row.row_number, row]));
  const pages = read.pages.map((page) => {
    const items = page.rows.items.flatMap((row) => {
      const value = values.get(row.row_number);
      if (!value) return [row];
      const reasons = still.get(row.row_number);
      return reasons ? [{ ...row, ...value, reasons }] : [];
    });
    const version = page.version === from ? outcome.version : page.version;
    return { ...page, version, total: outcome.remaining, rows: { ...page.rows, items } };
  });
  return { ...read, pages };
}
