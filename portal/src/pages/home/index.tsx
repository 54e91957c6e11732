/** 首页: what waits for me. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { day } from '../../format/dates';
import { useT, type Key } from '../../i18n';
import { StateTag, Tag } from '../../kit/show';
import { Empty, Load } from '../../kit/states';
import { useMay, useMe } from '../../shell/access';

const POOLS: { level: string; path: string; title: Key }[] = [
  { level: 'first-review', path: '/first-review', title: '初审' },
  { level: 'second-review', path: '/second-review', title: '复审' },
  { level: 'final-review', path: '/final-review', title: '终审' },
  { level: 'payment', path: '/payment-confirmation', title: '到账确认' },
  { level: 'archive', path: '/certificate-archiving', title: '确认书归档' },
];

/** What a unit has to do next, and where. */
const NEXT: Record<string, { action: Key; path: (id: string) => string }> = {
  drafting: { action: '继续录入', path: (id) => `/enrolment-entry/${id}` },
  invoicing: { action: '录入开票信息', path: (id) => `/receipt-entry/${id}` },
  'awaiting-print': { action: '打印确认书', path: () => '/certificate-printing' },
  'awaiting-archive': { action: '上传扫描件', path: () => '/certificate-printing?printed=yes' },
};

export default function Home() {
  const t = useT();
  const account = useMe();
  const may = useMay();
  const pools = POOLS.filter(({ level }) => may(`work-${level}`));
  return (
    <>
      <h1>{t('您好，{name}', { name: account.name })}</h1>
      {pools.length > 0 && (
        <section className="cards" aria-label={t('工作池')}>
          {pools.map((pool) => (
            <PoolCard key={pool.level} {...pool} />
          ))}
        </section>
      )}
      {account.unit && <UnitWork />}
      {pools.length === 0 && !account.unit && (
        <div className="panel">
          <Empty
            title={t('没有等待您处理的事项')}
            hint={t('请从左侧菜单选择功能。')}
            action={
              may('read-enrolments') && (
                <Link to="/enrolment-query">
                  <Button type="primary">{t('参保查询')}</Button>
                </Link>
              )
            }
          />
        </div>
      )}
    </>
  );
}

function PoolCard({ level, path, title }: { level: string; path: string; title: Key }) {
  const t = useT();
  const counts = useQuery({
    queryKey: [...keys.tasks, level, 'counts'],
    queryFn: () => answer(api.GET('/tasks', { params: { query: { level, limit: 1 } } })),
    refetchInterval: 30_000,
  });
  const shown = (count: number | undefined) => (count === undefined ? '–' : `${count}${counts.data && count >= counts.data.cap ? '+' : ''}`);
  return (
    <div className="panel card-pool">
      <h2>{t(title)}</h2>
      <p>
        <Link to={path} className="figure">
          {shown(counts.data?.pending)}
        </Link>
        <span>{t('待处理')}</span>
        {counts.data && counts.data.overdue > 0 && <Tag tone="bad">{t('超时{count}件', { count: counts.data.overdue })}</Tag>}
      </p>
      <p>
        <Link to={`${path}?tab=mine`} className="figure small">
          {shown(counts.data?.mine)}
        </Link>
        <span>{t('处理中')}</span>
      </p>
    </div>
  );
}

function UnitWork() {
  const t = useT();
  const query = useQuery({
    queryKey: [...keys.enrolments, 'home'],
    queryFn: () => answer(api.GET('/enrolments', { params: { query: { limit: 100 } } })),
  });
  return (
    <section className="panel" aria-labelledby="waiting">
      <h2 id="waiting">{t('等待我处理')}</h2>
      <Load query={query}>
        {({ items }) => {
          const waiting = items.filter(({ state }) => state in NEXT);
          const create = (
            <Link to="/enrolment-entry">
              <Button type="primary">{t('去参保录入')}</Button>
            </Link>
          );
          return waiting.length === 0 ? (
            <Empty title={t('没有等待您处理的事项')} hint={t('为职工办理参保，请从参保录入开始。')} action={create} />
          ) : (
            <ul className="work-list">
              {waiting.map((row) => (
                <WorkItem key={row.id} row={row} />
              ))}
            </ul>
          );
        }}
      </Load>
    </section>
  );
}

function WorkItem({ row }: { row: EnrolmentRow }) {
  const t = useT();
  const next = NEXT[row.state];
  return (
    <li>
      <div>
        <span className="figures">{row.application_number}</span> <StateTag state={row.state} name={row.state_name} />{' '}
        <span className="quiet">{day(row.created_at)}</span>
        {row.return_reason && (
          <p className="returned">
            <Tag tone="bad">{t('被退回')}</Tag> {row.return_reason}
          </p>
        )}
      </div>
      {next && (
        <Link to={next.path(row.id)}>
          <Button>{t(next.action)}</Button>
        </Link>
      )}
    </li>
  );
}
