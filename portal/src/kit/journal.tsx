/** What was done to accounts, nodes, plans and rules: when, by whom, before and after. */
import type { TableColumnsType } from 'antd';
import { minute } from '../format/dates';
import { useT } from '../i18n';
import { Listing } from './listing';
import { actionName } from './actions';

interface Entry {
  at: string;
  actor_name: string;
  action: string;
  note: string;
}

interface Props<T extends Entry> {
  caption: string;
  name: readonly unknown[];
  read: (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; next?: string | null }>;
  /** Columns after those that all have. */
  more?: TableColumnsType<T & { key: string }>;
  /** Whoever acted is the same in all of it. */
  own?: boolean;
}

export function Journal<T extends Entry>({ caption, name, read, more = [], own = false }: Props<T>) {
  const t = useT();
  return (
    <Listing<T & { key: string }>
      caption={caption}
      name={name}
      filters={{}}
      read={async (page) => {
        const { items, next } = await read(page);
        return { items: items.map((item, i) => ({ ...item, key: `${item.at}-${i}` })), ...(next ? { next } : {}) };
      }}
      rowKey="key"
      empty={{ title: t('没有操作记录') }}
      columns={[
        { title: t('时间'), dataIndex: 'at', render: minute, className: 'figures' },
        ...(own ? [] : [{ title: t('操作人'), dataIndex: 'actor_name' }]),
        { title: t('操作'), dataIndex: 'action', render: (action: string) => actionName(action, t) },
        { title: t('内容'), dataIndex: 'note', className: 'long', render: (note: string) => note || '–' },
        ...more,
      ]}
    />
  );
}
