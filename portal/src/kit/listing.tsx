/**
 * Lists: a query panel on top whose filters live in the address (so a list can be sent to a colleague and comes back with
 * the back button), a table, and pages by cursor: forwards, backwards, page size, and a jump to any page seen so far.
 */
import { LeftOutlined, RightOutlined, SearchOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery, type QueryKey } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input, Select, Space, Table, TreeSelect, type TableColumnsType } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useT } from '../i18n';
import { useSize } from '../shell/theme';
import { useScrollable } from './scroll';
import { Empty, Failed } from './states';
import type { Branch } from './nodes';

export interface Field {
  name: string;
  label: string;
  kind?: 'text' | 'date' | 'select' | 'tree';
  options?: { value: string; label: string }[];
  tree?: Branch[];
  placeholder?: string;
  /** Kept out of the address: it may name a person. */
  personal?: boolean;
}

/** Options of which more are searched rather than scrolled through. */
const LONG = 12;
/** Filters that 关怀模式 shows at first. */
const FEW = 2;

export type Filters = Record<string, string>;

/** The filters of the address, and how to change them. */
export function useFilters(fields: Field[]): [Filters, (next: Filters) => void] {
  const [params, setParams] = useSearchParams();
  const [unsaid, setUnsaid] = useState<Filters>({});
  const filters: Filters = {};
  for (const { name, personal } of fields) {
    const value = personal ? unsaid[name] : params.get(name);
    if (value) filters[name] = value;
  }
  const set = (next: Filters) => {
    setUnsaid(next);
    setParams((old) => {
      const changed = new URLSearchParams(old);
      for (const { name, personal } of fields) {
        const value = next[name];
        if (value && !personal) changed.set(name, value);
        else changed.delete(name);
      }
      return changed;
    });
  };
  return [filters, set];
}

export function FilterPanel({ fields, filters, apply }: { fields: Field[]; filters: Filters; apply: (next: Filters) => void }) {
  const t = useT();
  const { large } = useSize();
  const [more, setMore] = useState(false);
  // Its fields are named apart from those of a form that lies over the list.
  const id = useId();
  const [form] = Form.useForm<Record<string, string | Dayjs | null | undefined>>();
  const shown = JSON.stringify(filters);
  useEffect(() => {
    const values: Filters = JSON.parse(shown) as Filters;
    form.setFieldsValue(Object.fromEntries(fields.map(({ name, kind }) => [name, kind === 'date' ? (values[name] ? dayjs(values[name]) : null) : values[name]])));
  }, [shown, fields, form]);
  const submit = (values: Record<string, string | Dayjs | null | undefined>) => {
    const next: Filters = {};
    for (const [name, value] of Object.entries(values)) {
      const text = dayjs.isDayjs(value) ? value.format('YYYY-MM-DD') : (value ?? '').trim();
      if (text) next[name] = text;
    }
    apply(next);
  };
  // 关怀模式 asks for little at first; what is asked for already stays in sight.
  const folds = large && !more && !fields.slice(FEW).some(({ name }) => filters[name]) && fields.length > FEW;
  const seen = folds ? fields.slice(0, FEW) : fields;
  return (
    <Form form={form} name={id} className="filters" layout="vertical" onFinish={submit} role="search">
      {seen.map(({ name, label, kind = 'text', options, tree = [], placeholder }) => (
        <Form.Item key={name} name={name} label={label}>
          {kind === 'select' ? (
            <Select allowClear options={options} placeholder={placeholder ?? t('全部')} onChange={() => form.submit()} {...(options && options.length > LONG ? { showSearch: { optionFilterProp: 'label' } } : {})} />
          ) : kind === 'tree' ? (
            <TreeSelect allowClear showSearch={{ treeNodeFilterProp: 'title' }} treeDefaultExpandAll treeData={tree} popupMatchSelectWidth={false} placeholder={t('全部')} onChange={() => form.submit()} />
          ) : kind === 'date' ? (
            <DatePicker style={{ width: '100%' }} />
          ) : (
            <Input allowClear placeholder={placeholder} autoComplete="off" />
          )}
        </Form.Item>
      ))}
      <Form.Item label={<span className="sr-only">{t('查询')}</span>} className="filter-buttons">
        <Space>
          <Button type="primary" htmlType="submit" icon={<SearchOutlined aria-hidden />}>
            {t('查询')}
          </Button>
          <Button
            onClick={() => {
              form.setFieldsValue(Object.fromEntries(fields.map(({ name }) => [name, undefined])));
              apply({});
            }}
          >
            {t('重置')}
          </Button>
          {folds && (
            <Button type="link" onClick={() => setMore(true)}>
              {t('更多条件')}
            </Button>
          )}
        </Space>
      </Form.Item>
    </Form>
  );
}

/** How many there are in all: exactly, or at least so many. */
export interface Total {
  total: number;
  at_least: boolean;
}

interface Page<T> {
  items: T[];
  next?: string | null;
  /** If the page says so itself. */
  all?: Total;
}

interface Seen {
  list: string;
  pages: { cursor: string | undefined; before: number }[];
  at: number;
}

const FIRST = { cursor: undefined, before: 0 };

interface ListingProps<T> {
  /** Name in the cache. */
  name: QueryKey;
  read: (request: { limit: number; cursor?: string }, filters: Filters) => Promise<Page<T>>;
  /** How many there are in all, where a request of its own says so. */
  count?: (filters: Filters) => Promise<Total>;
  /** Shows 序号 before everything else. */
  numbered?: boolean;
  fields?: Field[];
  columns: TableColumnsType<T>;
  rowKey: keyof T & string;
  empty: { title: string; hint?: ReactNode; action?: ReactNode };
  /** Above the table; may depend on the filters, those kept out of the address as well. */
  toolbar?: ReactNode | ((filters: Filters) => ReactNode);
  selection?: { selected: string[]; select: (ids: string[], rows: T[]) => void; selectable?: (row: T) => boolean };
  /** Read again by itself, in milliseconds. */
  every_ms?: number;
  /** Read only now. */
  enabled?: boolean;
  /** Of a list without filters in the address. */
  filters?: Filters;
  caption: string;
}

const SIZES = [10, 20, 50, 100];

export function Listing<T extends object>(props: ListingProps<T>) {
  const { name, read, count, numbered = false, fields = [], columns, rowKey, empty, toolbar, selection, every_ms, enabled = true, caption } = props;
  const t = useT();
  const sizeId = useId();
  const place = useScrollable();
  const [params, setParams] = useSearchParams();
  const [fromAddress, apply] = useFilters(fields);
  const filters = props.filters ?? fromAddress;
  const limit = SIZES.includes(Number(params.get('size'))) ? Number(params.get('size')) : 20;
  const list = JSON.stringify([name, filters, limit]);
  // The pages seen: their cursors, which the first one has none of, and how many rows come before, as not every page is full.
  const begun: Seen = { list, pages: [FIRST], at: 0 };
  const [turned, setTurned] = useState(begun);
  const seen = turned.list === list ? turned : begun;
  const { cursor, before } = seen.pages[seen.at] ?? FIRST;
  const query = useQuery({
    queryKey: [...name, filters, limit, cursor ?? ''],
    queryFn: () => read({ limit, ...(cursor ? { cursor } : {}) }, filters),
    placeholderData: keepPreviousData,
    enabled,
    ...(every_ms ? { refetchInterval: every_ms } : {}),
  });
  const counted = useQuery({
    queryKey: [...name, 'count', filters],
    queryFn: () => (count ? count(filters) : null),
    placeholderData: keepPreviousData,
    enabled: enabled && count !== undefined,
  }).data;
  const next = query.data?.next ?? undefined;
  const turn = (at: number) => {
    selection?.select([], []);
    setTurned({ list, pages: at === seen.pages.length && next ? [...seen.pages, { cursor: next, before: before + items.length }] : seen.pages, at });
  };
  const items = query.data?.items ?? [];
  // Behind the last page there is nothing more to count.
  const ended = query.data && !next && !query.isPlaceholderData ? { total: before + items.length, at_least: false } : undefined;
  const total = counted ?? query.data?.all ?? ended;
  // A page may be empty and still have a next one: what it looked through held nothing.
  const nothing = seen.at === 0 && items.length === 0 && !next;
  const soFar = { title: t('已查找的部分没有符合条件的记录'), hint: t('请按“下一页”继续查找，或缩小查询范围。') };
  const none = next ? soFar : Object.keys(filters).length > 0 ? { title: t('没有符合条件的记录'), hint: t('请修改查询条件后重试。') } : empty;
  return (
    <section aria-label={caption}>
      {fields.length > 0 && <FilterPanel fields={fields} filters={filters} apply={apply} />}
      <div className="panel" ref={place}>
        {toolbar && <div className="toolbar">{typeof toolbar === 'function' ? toolbar(filters) : toolbar}</div>}
        {query.error && !query.data ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Table<T>
            size="middle"
            dataSource={items}
            columns={numbered ? [{ title: t('序号'), key: 'number', align: 'right', render: (_, __, i) => before + i + 1 }, ...columns] : columns}
            rowKey={rowKey}
            loading={query.isLoading || (query.isFetching && query.isPlaceholderData)}
            pagination={false}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: query.isLoading ? ' ' : <Empty {...none} /> }}
            {...(selection
              ? {
                  rowSelection: {
                    selectedRowKeys: selection.selected,
                    onChange: (ids: React.Key[], rows: T[]) => selection.select(ids.map(String), rows),
                    getCheckboxProps: (row: T) => ({
                      disabled: selection.selectable ? !selection.selectable(row) : false,
                      'aria-label': t('选择此行'),
                    }),
                  },
                }
              : {})}
          />
        )}
        {/* Heard, though nothing is to be turned over. */}
        <p className="sr-only" aria-live="polite">
          {nothing && !query.isLoading && t('第{page}页，本页{count}条', { page: 1, count: 0 })}
        </p>
        <nav className="pager" aria-label={t('翻页')} hidden={nothing}>
          {total && <span>{total.at_least ? t('共{count}条以上', { count: total.total }) : t('共{count}条', { count: total.total })}</span>}
          <span aria-live="polite">{t('第{page}页，本页{count}条', { page: seen.at + 1, count: items.length })}</span>
          <Button icon={<LeftOutlined aria-hidden />} disabled={seen.at === 0} onClick={() => turn(seen.at - 1)} aria-label={t('上一页')} />
          {seen.pages.length > 1 && (
            <Select
              aria-label={t('跳至')}
              value={seen.at}
              onChange={turn}
              options={seen.pages.map((_, at) => ({ value: at, label: t('第{page}页', { page: at + 1 }) }))}
            />
          )}
          <Button icon={<RightOutlined aria-hidden />} disabled={!next || query.isPlaceholderData} onClick={() => turn(seen.at + 1)} aria-label={t('下一页')} />
          <label htmlFor={sizeId}>{t('每页')}</label>
          <Select
            id={sizeId}
            value={limit}
            options={SIZES.map((size) => ({ value: size, label: size }))}
            onChange={(size: number) =>
              setParams((old) => {
                const changed = new URLSearchParams(old);
                changed.set('size', size.toString());
                return changed;
              })
            }
          />
        </nav>
      </div>
    </section>
  );
}
