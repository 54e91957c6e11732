/** Failed rows in a grid: each cell can be corrected where its reasons stand, and only what was touched is sent again. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { answer, api } from '../../api/client';
import { enrolment as enrolmentQuery, keys } from '../../api/queries';
import type { Corrected, EnrolmentView, RowInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { Empty, Failed, Loading } from '../../kit/states';
import { useVersioned } from '../../kit/versioned';
import { ROWS_MAX, among, corrected, readAgain, readPage, rowLines, seenLines, type Read, type Seen } from './failed';
import { RowGrid, type Edited, type Reasons } from './RowGrid';

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
    queryFn: ({ pageParam }) => readPage(path, pageParam ? { cursor: pageParam } : {}),
    initialPageParam: '',
    getNextPageParam: (page) => page.rows.next ?? undefined,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const pages = query.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.rows.items) ?? [], [pages]);
  const forget = (gone: RowInput[]) => {
    const numbers = new Set(gone.map(({ row_number }) => row_number));
    setEdited((old) => Object.fromEntries(Object.entries(old).filter(([row]) => !numbers.has(Number(row)))));
  };
  const sendable = Object.values(edited)
    .filter((row): row is RowInput => row !== undefined)
    .slice(0, ROWS_MAX);
  const command = useVersioned<Seen, RowInput[]>({
    // What is known of all pages is as old as the oldest of them.
    seen: { version: Math.min(...(pages ?? []).map(({ version }) => version)), rows },
    read: () => readAgain(path, sendable, async () => (await queries.query({ ...enrolmentQuery(view.id), staleTime: 0 })).version),
    about: sendable.map(({ row_number }) => row_number).join(),
    basis: (now) => seenLines(among(now.rows, sendable), t),
    mine: (values) => rowLines(values, t),
    said: t('您读取之后，有人更正了这些行。请比较后决定；已加入清单的不再提交。'),
    over: (now) => (among(now.rows, sendable).length > 0 ? undefined : t('这些行已由他人更正，都已加入清单。')),
    send: async (values, header, now) => {
      const sent = among(values, now.rows);
      const outcome: Corrected = await answer(
        api.POST('/enrolments/{enrolment}/batches/{upload}/corrections', { params: { path, header }, body: { rows: sent } }),
      );
      forget(values.filter(({ row_number }) => !outcome.failed.some((row) => row.row_number === row_number)));
      setReasons((old) => ({ ...old, ...Object.fromEntries(outcome.failed.map((row) => [row.row_number, row.reasons])) }));
      if (outcome.accepted > 0) message.success(t('{count}人已加入人员清单', { count: outcome.accepted }));
      if (outcome.remaining === 0) close();
      // Of a list that is all here nothing needs to be read again, which would leave as many entries in the trail.
      if (query.hasNextPage) await queries.invalidateQueries({ queryKey: key });
      else queries.setQueryData<Read>(key, (read) => read && corrected(read, values, outcome, now.version));
    },
    refresh: () => queries.invalidateQueries({ queryKey: keys.enrolment(view.id) }),
    taken: (now) => {
      forget(sendable);
      if (now.ended) close();
      else void queries.invalidateQueries({ queryKey: key });
    },
  });
  const change = useCallback((row: number, next: RowInput) => setEdited((old) => ({ ...old, [row]: next })), []);
  const { fetchNextPage, hasNextPage, isFetching, isFetchNextPageError } = query;
  const nearEnd = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetching, isFetchNextPageError]);
  if (query.error && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading />;
  const first = query.data.pages[0];
  if (rows.length === 0) return <Empty title={t('没有失败人员')} />;
  const touched = Object.keys(edited).length;
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
        {touched > ROWS_MAX && <span className="quiet">{t('已修改{count}行，一次最多提交{max}行。', { count: touched, max: ROWS_MAX })}</span>}
        <Button type="primary" disabled={touched === 0} loading={command.pending} onClick={() => void command.run(sendable)}>
          {t('提交已修改的{count}行', { count: sendable.length })}
        </Button>
      </div>
      {command.dialog}
      {guard}
    </>
  );
}
