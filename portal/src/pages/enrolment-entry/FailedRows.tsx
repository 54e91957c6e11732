/** Failed rows in a grid: each cell can be corrected where its reasons stand, and only what was touched is sent again. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Input, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { CellReason, Corrected, EnrolmentView, RowInput, components } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { Plain } from '../../kit/show';
import { Empty, Failed, Loading } from '../../kit/states';

type Row = components['schemas']['Listing_FailedRowView']['items'][number];
type Cell = 'name' | 'id_number' | 'mobile' | 'occupation';

/** Rows of one request. */
const ROWS = 100;

export function FailedRows({ view, upload, close }: { view: EnrolmentView; upload: string; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Partial<Record<number, RowInput>>>({});
  const [reasons, setReasons] = useState<Partial<Record<number, CellReason[]>>>({});
  const guard = useGuard(Object.keys(edited).length > 0);
  const path = { enrolment: view.id, upload };
  // Not among what is read again after every command: each reading leaves an entry in the trail.
  const key = ['failed-rows', view.id, upload];
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) =>
      answer(api.GET('/enrolments/{enrolment}/batches/{upload}/failed-rows', { params: { path, query: { limit: ROWS, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.rows.next ?? undefined,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const command = useCommand<RowInput[]>({
    seen: view,
    // Rows are known by their number in the file: nothing else of the enrolment matters to them.
    basis: () => [],
    send: async (rows, header) => {
      const outcome: Corrected = await answer(
        api.POST('/enrolments/{enrolment}/batches/{upload}/corrections', { params: { path, header }, body: { rows } }),
      );
      const still = new Set(outcome.failed.map((row) => row.row_number));
      setEdited((old) => Object.fromEntries(Object.entries(old).filter(([row]) => still.has(Number(row)))));
      setReasons(Object.fromEntries(outcome.failed.map((row) => [row.row_number, row.reasons])));
      if (outcome.accepted > 0) message.success(t('{count}人已加入人员清单', { count: outcome.accepted }));
      if (outcome.remaining === 0) close();
      await queries.invalidateQueries({ queryKey: key });
    },
  });
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const rows = query.data.pages.flatMap((page) => page.rows.items);
  const first = query.data.pages[0];
  const shareColumns = first?.share_columns ?? [];
  if (rows.length === 0) return <Empty title={t('没有失败人员')} />;

  const valueOf = (row: Row): RowInput =>
    edited[row.row_number] ?? { row_number: row.row_number, name: row.name, id_number: row.id_number, mobile: row.mobile, occupation: row.occupation, shares: row.shares };
  const change = (row: Row, next: Partial<RowInput>) => setEdited((old) => ({ ...old, [row.row_number]: { ...valueOf(row), ...next } }));
  const of = (row: Row, cell: string) => (reasons[row.row_number] ?? row.reasons).filter((reason) => reason.cell === cell);
  const input = (row: Row, cell: string, label: string, value: string, set: (value: string) => RowInput | Partial<RowInput>) => {
    const wrong = of(row, cell);
    const described = `reason-${row.row_number}-${cell.replace('/', '-')}`;
    return (
      <>
        <Input
          value={value}
          status={wrong.length > 0 ? 'error' : ''}
          autoComplete="off"
          aria-label={t('第{row}行{label}', { row: row.row_number, label })}
          aria-invalid={wrong.length > 0}
          {...(wrong.length > 0 ? { 'aria-describedby': described } : {})}
          onChange={(event) => change(row, set(event.target.value))}
        />
        {wrong.length > 0 && (
          <span id={described} className="reasons">
            {wrong.map((reason) => reason.text).join('；')}
          </span>
        )}
      </>
    );
  };
  const cell = (title: string, name: Cell, width: number) => ({
    title,
    key: name,
    width,
    render: (_: unknown, row: Row) => input(row, name, title, valueOf(row)[name] ?? '', (value) => ({ [name]: value })),
  });
  const known = new Set(['name', 'id_number', 'mobile', 'occupation', ...shareColumns.map((_, i) => `shares/${i}`)]);
  const columns: TableColumnsType<Row> = [
    { title: t('原文件行号'), dataIndex: 'row_number', width: 90, align: 'right' },
    cell(t('姓名'), 'name', 170),
    cell(t('身份证号码'), 'id_number', 260),
    cell(t('手机号码'), 'mobile', 190),
    cell(t('职业'), 'occupation', 170),
    ...shareColumns.map((title, i) => ({
      title,
      key: `shares/${i}`,
      width: 130,
      render: (_: unknown, row: Row) =>
        input(row, `shares/${i}`, title, valueOf(row).shares?.[i] ?? '', (value) => {
          const shares = shareColumns.map((__, at) => valueOf(row).shares?.[at] ?? '');
          shares[i] = value;
          return { shares };
        }),
    })),
    {
      title: t('其他原因'),
      key: 'rest',
      width: 200,
      render: (_, row) => (
        <span className="reasons">
          {(reasons[row.row_number] ?? row.reasons)
            .filter((reason) => !known.has(reason.cell))
            .map((reason) => reason.text)
            .join('；')}
        </span>
      ),
    },
  ];
  const touched = Object.values(edited).filter((row): row is RowInput => row !== undefined);
  return (
    <>
      <Alert type="info" showIcon className="gap" title={t('共{count}行失败。修改后提交，合格的人员立即加入清单，其余仍留在这里。', { count: first?.total ?? rows.length })} />
      <ProblemAlert error={command.error} />
      <Plain<Row> dataSource={rows} rowKey="row_number" columns={columns} scroll={{ x: 'max-content', y: '60vh' }} />
      <div className="form-foot">
        {query.hasNextPage && (
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('显示更多')}
          </Button>
        )}
        <Button type="primary" disabled={touched.length === 0} loading={command.pending} onClick={() => void command.run(touched)}>
          {t('提交已修改的{count}行', { count: touched.length })}
        </Button>
      </div>
      {command.dialog}
      {guard}
    </>
  );
}
