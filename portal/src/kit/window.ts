/**
 * Which rows of a long table are in sight, so that only those are in the page. All rows are of one height, which is measured
 * on the first of them: it follows the type size.
 */
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Rows kept ready above and below. */
const SPARE = 16;
/** The window moves in steps of so many rows: scrolling by one row redraws nothing. */
const STEP = 8;

export interface Sight {
  first: number;
  /** One after the last. */
  end: number;
}

export function sightOf(count: number, row_px: number, scrolled_px: number, shown_px: number): Sight {
  const top = Math.max(0, Math.floor(scrolled_px / row_px) - SPARE);
  const first = Math.min(Math.floor(top / STEP) * STEP, Math.max(0, count - 1));
  const rows = Math.ceil(shown_px / row_px) + 2 * SPARE + STEP;
  return { first, end: Math.min(count, first + rows) };
}

interface Window extends Sight {
  /** The element that scrolls. */
  place: RefObject<HTMLDivElement | null>;
  scrolled: () => void;
  row_px: number;
  /** Brings a row into sight. */
  show: (row: number) => void;
}

/** `head` and `row` select the head of the table, which stays, and any row. */
export function useWindow(count: number, head: string, row: string): Window {
  const place = useRef<HTMLDivElement>(null);
  const [row_px, setRow] = useState(72);
  const [sight, setSight] = useState<Sight>({ first: 0, end: Math.min(count, 2 * SPARE) });
  const scrolled = useCallback(() => {
    const box = place.current;
    if (!box) return;
    const next = sightOf(count, row_px, box.scrollTop, box.clientHeight);
    setSight((old) => (old.first === next.first && old.end === next.end ? old : next));
  }, [count, row_px]);
  useLayoutEffect(() => {
    const measured = place.current?.querySelector<HTMLElement>(row)?.offsetHeight;
    if (measured) setRow(measured);
    scrolled();
  }, [row, scrolled]);
  const show = useCallback(
    (wanted: number) => {
      const box = place.current;
      if (!box) return;
      const covered = box.querySelector<HTMLElement>(head)?.offsetHeight ?? 0;
      const top = wanted * row_px;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + row_px > box.scrollTop + box.clientHeight - covered) box.scrollTop = top + row_px - box.clientHeight + covered;
    },
    [head, row_px],
  );
  return { ...sight, place, scrolled, row_px, show };
}
