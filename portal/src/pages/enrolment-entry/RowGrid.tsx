/** The grid of failed rows: a table of which only the rows in sight exist. Arrow keys go up and down within a column. */
import { memo, useEffect, useState, type KeyboardEvent } from 'react';
import type { CellReason, RowInput, components } from '../../api/schema.gen';
import { useT, type Key, type Translate } from '../../i18n';
import { useWindow } from '../../kit/window';

export type Row = components['schemas']['Listing_FailedRowView']['items'][number];
export type Edited = Partial<Record<number, RowInput>>;
export type Reasons = Partial<Record<number, CellReason[]>>;

type Cell = 'name' | 'id_number' | 'mobile' | 'occupation';

const CELLS: { cell: Cell; label: Key; width: number }[] = [
  { cell: 'name', label: '姓名', width: 140 },
  { cell: 'id_number', label: '身份证号码', width: 230 },
  { cell: 'mobile', label: '手机号码', width: 170 },
  { cell: 'occupation', label: '职业', width: 150 },
];
const SHARE_WIDTH = 130;
const REST_WIDTH = 200;

/** A column to type in. */
interface Column {
  /** Its name in reasons. */
  cell: string;
  title: string;
  width: number;
  of: (row: RowInput) => string;
  set: (row: RowInput, value: string) => RowInput;
}

export function inputOf({ row_number, name, id_number, mobile, occupation, shares }: Row): RowInput {
  return { row_number, name, id_number, mobile, occupation, shares };
}

function columnsOf(shareColumns: string[], t: Translate): Column[] {
  return [
    ...CELLS.map<Column>(({ cell, label, width }) => ({ cell, title: t(label), width, of: (row) => row[cell] ?? '', set: (row, value) => ({ ...row, [cell]: value }) })),
    ...shareColumns.map<Column>((title, i) => ({
      cell: `shares/${i}`,
      title,
      width: SHARE_WIDTH,
      of: (row) => row.shares?.[i] ?? '',
      set: (row, value) => ({ ...row, shares: shareColumns.map((_, at) => (at === i ? value : (row.shares?.[at] ?? ''))) }),
    })),
  ];
}

interface Props {
  rows: Row[];
  /** How many there are in all, loaded or not. */
  total: number;
  shareColumns: string[];
  edited: Edited;
  reasons: Reasons;
  change: (row: number, next: RowInput) => void;
  /** The last rows that are loaded come into sight. */
  nearEnd: () => void;
}

export function RowGrid({ rows, total, shareColumns, edited, reasons, change, nearEnd }: Props) {
  const t = useT();
  const columns = columnsOf(shareColumns, t);
  const { place, first, end, row_px, scrolled, show } = useWindow(rows.length, 'thead', 'tr[data-at]');
  const [at, setAt] = useState<number | null>(null);
  useEffect(() => {
    if (end >= rows.length && rows.length < total) nearEnd();
  }, [end, rows.length, total, nearEnd]);

  const move = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const step = event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const from = event.target instanceof HTMLInputElement ? event.target : null;
    if (step === 0 || !from || event.nativeEvent.isComposing) return;
    const to = Number(from.closest('tr')?.dataset['at']) + step;
    if (to < 0 || to >= rows.length) return;
    event.preventDefault();
    show(to);
    const { cell } = from.dataset;
    requestAnimationFrame(() => place.current?.querySelector<HTMLInputElement>(`tr[data-at="${to}"] input[data-cell="${cell}"]`)?.focus({ preventScroll: true }));
  };
  const focused = at === null ? undefined : rows[at];
  const said = focused ? (reasons[focused.row_number] ?? focused.reasons) : [];
  return (
    <>
      <div className="grid" ref={place} onScroll={scrolled} tabIndex={-1}>
        <table aria-label={t('更正失败人员')} aria-rowcount={total + 1} style={{ width: 80 + REST_WIDTH + columns.reduce((sum, { width }) => sum + width, 0) }}>
          <colgroup>
            <col style={{ width: 80 }} />
            {columns.map(({ cell, width }) => (
              <col key={cell} style={{ width }} />
            ))}
            <col style={{ width: REST_WIDTH }} />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="money">
                {t('原文件行号')}
              </th>
              {columns.map(({ cell, title }) => (
                <th scope="col" key={cell}>
                  {title}
                </th>
              ))}
              <th scope="col">{t('其他原因')}</th>
            </tr>
          </thead>
          <tbody onKeyDown={move} onFocus={(event) => setAt(Number(event.target.closest('tr')?.dataset['at']))}>
            {first > 0 && <tr aria-hidden style={{ height: first * row_px }} />}
            {rows.slice(first, end).map((row, i) => (
              <GridRow key={row.row_number} at={first + i} row={row} value={edited[row.row_number]} wrong={reasons[row.row_number] ?? row.reasons} shares={shareColumns.length} change={change} columns={columns} />
            ))}
            {end < rows.length && <tr aria-hidden style={{ height: (rows.length - end) * row_px }} />}
          </tbody>
        </table>
      </div>
      <p className="grid-note" aria-live="polite">
        {focused ? (
          <>
            {t('第{row}行', { row: focused.row_number })}：<span className="reasons inline">{said.map((reason) => reason.text).join('；') || '–'}</span>
          </>
        ) : (
          <span className="quiet">{t('已显示{shown}行，共{total}行；滚动到末尾时继续读取。', { shown: rows.length, total })}</span>
        )}
      </p>
    </>
  );
}

interface RowProps {
  at: number;
  row: Row;
  value: RowInput | undefined;
  wrong: CellReason[];
  /** How many share columns there are: with it the columns are known. */
  shares: number;
  columns: Column[];
  change: (row: number, next: RowInput) => void;
}

const GridRow = memo(
  function GridRow({ at, row, value, wrong, columns, change }: RowProps) {
    const t = useT();
    const input = value ?? inputOf(row);
    const of = (cell: string) =>
      wrong
        .filter((reason) => reason.cell === cell)
        .map((reason) => reason.text)
        .join('；');
    const known = new Set(columns.map(({ cell }) => cell));
    const rest = wrong
      .filter(({ cell }) => !known.has(cell))
      .map((reason) => reason.text)
      .join('；');
    return (
      <tr data-at={at} aria-rowindex={at + 2} className={value ? 'touched' : ''}>
        <td className="money">{row.row_number}</td>
        {columns.map(({ cell, title, of: read, set }) => {
          const text = of(cell);
          const described = `reason-${row.row_number}-${cell.replace('/', '-')}`;
          return (
            <td key={cell}>
              <input
                className={text ? 'wrong' : ''}
                value={read(input)}
                autoComplete="off"
                spellCheck={false}
                data-cell={cell}
                aria-label={t('第{row}行{label}', { row: row.row_number, label: title })}
                {...(text ? { 'aria-invalid': true, 'aria-describedby': described } : {})}
                onChange={(event) => change(row.row_number, set(input, event.target.value))}
              />
              {text && (
                <span id={described} className="reasons" title={text}>
                  {text}
                </span>
              )}
            </td>
          );
        })}
        <td>
          <span className="reasons" title={rest}>
            {rest}
          </span>
        </td>
      </tr>
    );
  },
  // Columns are made anew with every drawing, and are the same as long as there are as many.
  (a, b) => a.at === b.at && a.row === b.row && a.value === b.value && a.wrong === b.wrong && a.shares === b.shares && a.change === b.change,
);
