/** A work pool (工作池): tabs with counts, filters in the address, acquire one or many, release; each result is reported. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal, Space, Tabs, type TableColumnsType } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { nodes as nodesQuery } from '../api/administration';
import { answer, api } from '../api/client';
import { keys } from '../api/queries';
import type { Acquired, TaskView } from '../api/schema.gen';
import { minute } from '../format/dates';
import { useT } from '../i18n';
import { ExportButton } from './ExportButton';
import { Listing, type Field, type Filters } from './listing';
import { branches } from './nodes';
import { ProblemAlert } from './problem';
import { useSend } from './send';
import { Tag } from './show';

/** Most tasks of one request. */
const MANY_MAX = 50;

/** What a task is about: an enrolment, or the registration of a unit. */
const subject = (task: TaskView) => task.enrolment ?? task.registration ?? '';

/** What pools are filtered by, and in which order they are shown. */
export function usePoolFields(number: string): Field[] {
  const t = useT();
  const { data: nodes } = useQuery(nodesQuery);
  return [
    { name: 'application_number', label: number },
    { name: 'node', label: t('机构'), kind: 'tree', tree: branches(nodes ?? []) },
    { name: 'from', label: t('进入日期起'), kind: 'date' },
    { name: 'to', label: t('进入日期止'), kind: 'date' },
    {
      name: 'order',
      label: t('排序'),
      kind: 'select',
      placeholder: t('先进先办'),
      options: [
        { value: 'oldest', label: t('先进先办') },
        { value: 'newest', label: t('最新在前') },
      ],
    },
  ];
}

/** What waits, what I hold, and what anybody holds. */
export type Tab = 'pending' | 'mine' | 'held';

/** A tab of a pool as the API asks for it; `filters` are those of {@link usePoolFields}. */
function asked(level: string, tab: Tab, { order, ...filters }: Filters) {
  return { level, tab, ...filters, ...(order ? { order: order as 'oldest' | 'newest' } : {}) };
}

/** A page of a pool. */
export async function readTasks(level: string, tab: Tab, page: { limit: number; cursor?: string }, filters: Filters) {
  const { tasks, cap, ...counts } = await answer(api.GET('/tasks', { params: { query: { ...page, ...asked(level, tab, filters) } } }));
  // The counts are those of the whole pool.
  if (Object.keys(filters).some((name) => name !== 'order')) return tasks;
  return { ...tasks, all: { total: counts[tab], at_least: counts[tab] >= cap } };
}

/** Exports what a tab of a pool shows. */
export function PoolExport({ level, tab, filters }: { level: string; tab: Tab; filters: Filters }) {
  return <ExportButton kind="tasks" filter={asked(level, tab, filters)} />;
}

export function Pool({ level, base, openLabel }: { level: string; base: string; openLabel: string }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const asked = params.get('tab');
  const tab: Tab = asked === 'mine' || asked === 'held' ? asked : 'pending';
  const [selected, select] = useState<string[]>([]);
  const [results, setResults] = useState<{ result: Acquired; task: TaskView | undefined }[] | null>(null);
  const counts = useQuery({
    queryKey: [...keys.tasks, level, 'counts'],
    queryFn: () => answer(api.GET('/tasks', { params: { query: { level, limit: 1 } } })),
    refetchInterval: 30_000,
  });
  const again = () => queries.invalidateQueries({ queryKey: keys.tasks });

  const acquire = useSend(
    (task: TaskView) => answer(api.POST('/tasks/{task}/acquisition', { params: { path: { task: task.id } } })),
    async (task) => {
      message.success(t('已获取，可以开始处理'));
      void again();
      await navigate(`${base}/${subject(task)}`);
    },
  );
  const acquireMany = useSend(
    (tasks: string[]) => answer(api.POST('/tasks/acquisitions', { body: { tasks } })),
    async (outcome) => {
      const shown = queries.getQueriesData<{ items: TaskView[] }>({ queryKey: [...keys.tasks, level, 'list'] }).flatMap(([, page]) => page?.items ?? []);
      setResults(outcome.map((result) => ({ result, task: shown.find(({ id }) => id === result.id) })));
      select([]);
      await again();
    },
  );
  const release = useSend(
    (task: TaskView) => answer(api.POST('/tasks/{task}/release', { params: { path: { task: task.id } } })),
    async () => {
      message.success(t('已退回工作池'));
      await again();
    },
  );
  const failed = acquire.error ?? acquireMany.error ?? release.error;

  const number = level === 'registration' ? t('统一社会信用代码') : t('申请书号');
  const fields = usePoolFields(number);
  const columns: TableColumnsType<TaskView> = [
    { title: number, dataIndex: 'application_number', render: (text: string, task) => <Link to={`${base}/${subject(task)}`}>{text}</Link> },
    { title: t('单位名称'), dataIndex: 'unit_name' },
    { title: t('进入时间'), dataIndex: 'queued_at', render: minute },
    {
      title: t('办理期限'),
      dataIndex: 'due_at',
      render: (due: string, task) => (
        <Space>
          {minute(due)}
          {task.overdue && <Tag tone="bad">{t('超时')}</Tag>}
        </Space>
      ),
    },
    {
      title: t('处理人'),
      dataIndex: 'owner_name',
      render: (owner: string | null | undefined, task): ReactNode => (
        <Space>
          {owner ?? '–'}
          {task.dispatched && <Tag tone="money">{t('调度')}</Tag>}
        </Space>
      ),
    },
    {
      title: t('操作'),
      key: 'actions',
      fixed: 'right',
      render: (_, task) =>
        tab === 'pending' ? (
          <Button type="link" size="small" loading={acquire.pending} onClick={() => void acquire.run(task)}>
            {t('获取')}
          </Button>
        ) : tab === 'held' ? (
          <Link to={`${base}/${subject(task)}`}>{t('查看')}</Link>
        ) : (
          <Space>
            <Link to={`${base}/${subject(task)}`}>{openLabel}</Link>
            <Button type="link" size="small" disabled={release.pending} onClick={() => void release.run(task)}>
              {t('释放')}
            </Button>
          </Space>
        ),
    },
  ];
  const cap = counts.data?.cap ?? 0;
  const count = (value: number | undefined) => (value === undefined ? '' : ` ${value}${cap > 0 && value >= cap ? '+' : ''}`);
  return (
    <>
      <Tabs
        activeKey={tab}
        onChange={(next) => {
          select([]);
          setParams(next === 'pending' ? {} : { tab: next });
        }}
        items={[
          { key: 'pending', label: `${t('待处理')}${count(counts.data?.pending)}` },
          { key: 'mine', label: `${t('处理中')}${count(counts.data?.mine)}` },
          { key: 'held', label: `${t('全部在办')}${count(counts.data?.held)}` },
        ]}
        tabBarExtraContent={counts.data && counts.data.overdue > 0 ? <Tag tone="bad">{t('超时{count}件', { count: counts.data.overdue })}</Tag> : null}
      />
      <ProblemAlert error={failed} />
      <Listing<TaskView>
        caption={t('工作池')}
        name={[...keys.tasks, level, 'list', tab]}
        read={(page, filters) => readTasks(level, tab, page, filters)}
        fields={fields}
        columns={columns}
        rowKey="id"
        every_ms={30_000}
        empty={{ title: tab === 'mine' ? t('您手上没有任务') : tab === 'held' ? t('没有人在办理任务') : t('没有待处理的任务'), hint: tab === 'mine' ? t('在“待处理”中获取任务后，会出现在这里。') : undefined }}
        toolbar={(filters) => (
          <Space align="start">
            {tab === 'pending' && (
              <Button disabled={selected.length === 0 || selected.length > MANY_MAX} loading={acquireMany.pending} onClick={() => void acquireMany.run(selected)}>
                {t('批量获取（{count}）', { count: selected.length })}
              </Button>
            )}
            <PoolExport level={level} tab={tab} filters={filters} />
          </Space>
        )}
        {...(tab === 'pending' ? { selection: { selected, select } } : {})}
      />
      <Modal open={results !== null} title={t('批量获取的结果')} footer={<Button onClick={() => setResults(null)}>{t('关闭')}</Button>} onCancel={() => setResults(null)}>
        <ul className="plain">
          {results?.map(({ result, task }) => (
            <li key={result.id}>
              {task?.application_number ?? result.id} <Tag tone={result.acquired ? 'good' : 'bad'}>{result.acquired ? t('已获取') : t('未获取')}</Tag> {result.text}
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
