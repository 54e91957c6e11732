/** Small things that look the same everywhere: states, money, facts, bars, trails. */
import { Table, Timeline, type TableColumnType, type TableProps } from 'antd';
import type { ReactNode } from 'react';
import type { TrailView } from '../api/schema.gen';
import { duration, minute } from '../format/dates';
import { yuan } from '../format/money';
import { useT, type Key, type Translate } from '../i18n';
import { actionName } from './actions';
import { useScrollable } from './scroll';

/** States of an enrolment, in the order of its life. */
export const STATES = {
  drafting: '录入',
  'first-review': '初审',
  'second-review': '复审',
  'final-review': '终审',
  invoicing: '开票录入',
  'awaiting-payment': '到账确认',
  'awaiting-print': '确认书打印',
  'awaiting-archive': '确认书归档',
  completed: '完毕',
  withdrawn: '已撤销',
} as const satisfies Record<string, Key>;

const TONES: Record<string, string> = {
  drafting: 'work',
  'first-review': 'review',
  'second-review': 'review',
  'final-review': 'review',
  invoicing: 'work',
  'awaiting-payment': 'money',
  'awaiting-print': 'work',
  'awaiting-archive': 'review',
  completed: 'good',
  withdrawn: 'gone',
  pending: 'review',
  'in-progress': 'money',
  accepted: 'good',
  failed: 'bad',
  overdue: 'bad',
};

export function Tag({ tone, children }: { tone: 'work' | 'review' | 'money' | 'good' | 'bad' | 'gone'; children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}

export function stateName(state: string, t: Translate): string {
  return state in STATES ? t(STATES[state as keyof typeof STATES]) : state;
}

export function StateTag({ state, name }: { state: string; name?: string }) {
  const t = useT();
  return <span className={`tag tag-${TONES[state] ?? 'review'}`}>{state in STATES ? stateName(state, t) : (name ?? state)}</span>;
}

/** An amount: yuan, two decimals, figures of one width. */
export function Money({ fen, strong }: { fen: number | null | undefined; strong?: boolean }) {
  const text = fen == null ? '–' : yuan(fen);
  return <span className={strong ? 'money strong' : 'money'}>{text}</span>;
}

/** A column of amounts, right-aligned. */
export function moneyColumn<T>(title: string, of: (row: T) => number | null | undefined): TableColumnType<T> {
  return { title, align: 'right', render: (_, row) => <Money fen={of(row)} /> };
}

export function countColumn<T>(title: string, of: (row: T) => number | null | undefined): TableColumnType<T> {
  return { title, align: 'right', render: (_, row) => <span className="money">{of(row) ?? '–'}</span> };
}

/** Names and values side by side. */
export function Facts({ facts, columns = 3 }: { facts: [label: string, value: ReactNode][]; columns?: number }) {
  return (
    <dl className="facts" style={{ '--columns': columns } as React.CSSProperties}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value === '' ? '–' : (value ?? '–')}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A bar chart that is a list: read by eyes and by screen readers alike. */
export function Bars({ title, bars, unit }: { title: string; bars: { label: string; value: number }[]; unit: string }) {
  const total = bars.reduce((sum, bar) => sum + bar.value, 0);
  return (
    <figure className="bars">
      <figcaption>{title}</figcaption>
      <ul>
        {bars.map(({ label, value }) => (
          <li key={label}>
            <span className="bar-label">{label}</span>
            <span className="bar-track" aria-hidden>
              <span className="bar" style={{ width: `${total ? (value / total) * 100 : 0}%` }} />
            </span>
            <span className="money">
              {value}
              {unit} · {total ? Math.round((value / total) * 100) : 0}%
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** 操作轨迹: who did what, when, how long it took. */
export function Trail({ entries }: { entries: TrailView[] }) {
  const t = useT();
  const words = { d: t('天'), h: t('小时'), m: t('分钟'), s: t('秒') };
  return (
    <Timeline
      items={entries.map((entry, i) => ({
        key: i,
        content: (
          <div className="trail">
            <strong>{actionName(entry.action, t)}</strong>
            {entry.from !== entry.to && entry.to && (
              <span>
                {entry.from && `${stateName(entry.from, t)} → `}
                <StateTag state={entry.to} />
              </span>
            )}
            <span className="quiet">
              {entry.actor_name} · <time dateTime={entry.at}>{minute(entry.at)}</time> · {t('办理时长')} {duration(entry.duration_ms, words)}
            </span>
            {entry.note && <span className="note">{entry.note}</span>}
          </div>
        ),
      }))}
    />
  );
}

/** A table without pages, for what fits on one. */
export function Plain<T extends object>(props: TableProps<T>) {
  const place = useScrollable();
  return (
    <div ref={place}>
      <Table<T> size="small" pagination={false} scroll={{ x: 'max-content' }} {...props} />
    </div>
  );
}
