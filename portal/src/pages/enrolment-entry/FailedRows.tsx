/** Failed rows in a grid: each cell can be corrected where its reasons stand, and only what was touched is sent again. */
import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { answer, api } from '../../api/client';
import type { Corrected, EnrolmentView, FailedPage, RowInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { Empty, Failed, Loading } from '../../kit/states';
import { RowGrid, type Edited, type Reasons } from './RowGrid';

/** Rows read by one request, and most rows sent by one. */
const ROWS = 100;
const CORRECTED_MAX = 200;

type Read = InfiniteData<FailedPage, string>;

/** The list after a correction: rows that passed are gone, the others stand there as they were sent. */
export function corrected(read: Read, sent: RowInput[], outcome: Corrected): Read {
  const still = new Map(outcome.failed.map((row) => [row.row_number, row.reasons]));
  const values = new Map(sent.map((row) => [row.row_number, row]));
  const pages = read.pages.map((page) => {
    const items = page.rows.items.flatMap((row) => {
      const value = values.get(row.row_number);
      if (!value) return [row];
      const reasons = still.get(row.row_number);
      return reasons ? [{ ...row, ...value, reasons }] : [];
    });
    return { ...page, total: outcome.remaining, rows: { ...page.rows, items } };
  });
  return { ...read, pages };
}

interface Props {
  view: EnrolmentView;
  upload: string;
  close: () => void;
  /** Told whether there are corrections that were not sent. */
  touched: (dirty: boolean) => void;
}

export function FailedRows({ view, upload, close, touched: tell }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [edited, setEdited] = useState<Edited>({});
  const [reasons, setReasons] = useState<Reasons>({});
  const dirty = Object.keys(edited).length > 0;
  const guard = useGuard(dirty);
  useEffect(() => tell(dirty), [tell, dirty]);
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
      const sent = new Set(rows.map((row) => row.row_number));
      const still = new Set(outcome.failed.map((row) => row.row_number));
      setEdited((old) => Object.fromEntries(Object.entries(old).filter(([row]) => !sent.has(Number(row)) || still.has(Number(row)))));
      setReasons((old) => ({ ...old, ...Object.fromEntries(outcome.failed.map((row) => [row.row_number, row.reasons])) }));
      if (outcome.accepted > 0) message.success(t('{count}人已加入人员清单', { count: outcome.accepted }));
      if (outcome.remaining === 0) close();
      // Of a list that is all here nothing needs to be read again, which would leave as many entries in the trail.
      if (query.hasNextPage) await queries.invalidateQueries({ queryKey: key });
      else queries.setQueryData<Read>(key, (read) => read && corrected(read, rows, outcome));
    },
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.rows.items) ?? [], [pages]);
  const change = useCallback((row: number, next: RowInput) => setEdited((old) => ({ ...old, [row]: next })), []);
  const { fetchNextPage, hasNextPage, isFetching, isFetchNextPageError } = query;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetching, isFetchNextPageError]);
  if (query.error && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const first = query.data.pages[0];
  if (rows.length === 0) return <Empty title={t('没有失败人员')} />;
  const touched = Object.values(edited).filter((row): row is RowInput => row !== undefined);
  const sendable = touched.slice(0, CORRECTED_MAX);
  return (
    <>
      <Alert type="info" showIcon className="gap" title={t('共{count}行失败。修改后提交，合格的人员立即加入清单，其余仍留在这里。', { count: first?.total ?? rows.length })} />
      <ProblemAlert error={command.error ?? query.error} />
      <RowGrid rows={rows} total={first?.total ?? rows.length} shareColumns={first?.share_columns ?? []} edited={edited} reasons={reasons} change={change} nearEnd={nearEnd} />
      <div className="form-foot">
        {isFetchNextPageError && (
          <Button loading={isFetching} onClick={() => void fetchNextPage()}>
            {t('重试')}
          </Button>
        )}
        {touched.length > CORRECTED_MAX && <span className="quiet">{t('已修改{count}行，一次最多提交{max}行。', { count: touched.length, max: CORRECTED_MAX })}</span>}
        <Button type="primary" disabled={touched.length === 0} loading={command.pending} onClick={() => void command.run(sendable)}>
          {t('提交已修改的{count}行', { count: sendable.length })}
        </Button>
      </div>
      {command.dialog}
      {guard}
    </>
  );
}
