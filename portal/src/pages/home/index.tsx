/** 首页: what waits for me – my pools; and what my unit, or the units I enter for, have to do – and recent messages. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { PoolView, UnitWork, Waiting, WaitingEnrolment } from '../../api/schema.gen';
import { day, minute } from '../../format/dates';
import { useT, type Key } from '../../i18n';
import { Money, StateTag, Tag } from '../../kit/show';
import { Empty, Load } from '../../kit/states';
import { useMay, useMe } from '../../shell/access';

/** Where the pools are worked. */
const PATHS: Record<string, string> = { payment: '/payment-confirmation', archive: '/certificate-archiving', registration: '/registration-review' };
const MESSAGES = 5;
/** Tasks of a pool that stand on the page. */
const TASKS = 5;

export default function Home() {
  const t = useT();
  const account = useMe();
  const query = useQuery({
    queryKey: [...keys.tasks, 'dashboard'],
    queryFn: () => answer(api.GET('/dashboards/tasks')),
    refetchInterval: 30_000,
  });
  return (
    <>
      <h1>{t('您好，{name}', { name: account.name })}</h1>
      <Load query={query}>
        {({ pools, unit }) => (
          <>
            {pools.length > 0 && (
              <section className="cards" aria-label={t('工作池')}>
                {pools.map((pool) => (
                  <PoolCard key={pool.level} pool={pool} />
                ))}
              </section>
            )}
            <MyTasks pools={pools.filter((pool) => pool.mine > 0)} />
            {unit && <Work unit={unit} />}
            {pools.length === 0 && !unit && (
              <div className="panel">
                <Empty title={t('没有等待您处理的事项')} hint={t('请从左侧菜单选择功能。')} />
              </div>
            )}
          </>
        )}
      </Load>
      <Recent />
    </>
  );
}

function PoolCard({ pool }: { pool: PoolView }) {
  const t = useT();
  const may = useMay();
  const works = may(pool.level === 'registration' ? 'work-registrations' : `work-${pool.level}`);
  const path = works ? (PATHS[pool.level] ?? `/${pool.level}`) : `/dispatch?level=${pool.level}`;
  const shown = (count: number) => `${count}${count >= pool.cap ? '+' : ''}`;
  return (
    <div className="panel card-pool">
      <h2>{pool.level_name}</h2>
      <p>
        <Link to={path} className="figure">
          {shown(pool.pending)}
        </Link>
        <span>{t('待处理')}</span>
        {pool.overdue > 0 && <Tag tone="bad">{t('超时{count}件', { count: pool.overdue })}</Tag>}
      </p>
      {!works && (
        <p>
          <Link to={`${path}&tab=held`} className="figure small">
            {shown(pool.held)}
          </Link>
          <span>{t('全部在办')}</span>
        </p>
      )}
      {works && (
        <p>
          <Link to={`${path}?tab=mine`} className="figure small">
            {shown(pool.mine)}
          </Link>
          <span>{t('处理中')}</span>
        </p>
      )}
    </div>
  );
}

/** 我的任务: what I have taken, the first due first; more of a pool behind its number. */
function MyTasks({ pools }: { pools: PoolView[] }) {
  const t = useT();
  const lists = useQueries({
    queries: pools.map(({ level }) => ({
      queryKey: [...keys.tasks, level, 'mine', 'home'],
      queryFn: () => answer(api.GET('/tasks', { params: { query: { level, tab: 'mine' as const, limit: TASKS } } })),
    })),
  });
  const tasks = pools.flatMap((pool, i) => (lists[i]?.data?.tasks.items ?? []).map((task) => ({ pool, task })));
  if (tasks.length === 0) return null;
  return (
    <section className="panel" aria-label={t('我的任务')}>
      <h2>{t('我的任务')}</h2>
      <ul className="work-list">
        {tasks.map(({ pool, task }) => (
          <li key={task.id}>
            <div>
              <strong>{pool.level_name}</strong> <span className="figures">{task.application_number}</span>{' '}
              <span className="quiet">
                {task.unit_name} · {t('办理期限')} {minute(task.due_at)}
              </span>{' '}
              {task.overdue && <Tag tone="bad">{t('超时')}</Tag>}
            </div>
            <Link to={`${PATHS[pool.level] ?? `/${pool.level}`}/${task.enrolment ?? task.registration ?? ''}`}>
              <Button>{t('继续办理')}</Button>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Work({ unit }: { unit: UnitWork }) {
  const t = useT();
  const { returned, receipts, prints, ending } = unit;
  const create = (
    <Link to="/enrolment-entry">
      <Button type="primary">{t('去参保录入')}</Button>
    </Link>
  );
  if (returned.count + receipts.count + prints.count + ending.length === 0) {
    return (
      <div className="panel">
        <Empty title={t('没有等待您处理的事项')} hint={t('为职工办理参保，请从参保录入开始。')} action={create} />
      </div>
    );
  }
  return (
    <>
      <Group title="被退回" waiting={returned} action="继续录入" path={({ id }) => `/enrolment-entry/${id}`} more={({ return_reason }) => return_reason} />
      <Group
        title="待录入开票信息"
        waiting={receipts}
        action="录入开票信息"
        path={({ id }) => `/receipt-entry/${id}`}
        more={({ remaining_fen }) => (
          <>
            {t('剩余（元）')} <Money fen={remaining_fen} />
          </>
        )}
      />
      <Group title="待打印确认书" waiting={prints} action="打印确认书" path={() => '/certificate-printing'} />
      {ending.length > 0 && (
        <Group
          title="保障即将到期"
          waiting={{ count: ending.length, at_least: false, newest: ending }}
          action="续保"
          path={() => '/renewals'}
          more={({ ends_on }) => ends_on && t('{date}到期', { date: ends_on })}
        />
      )}
    </>
  );
}

interface GroupProps {
  title: Key;
  waiting: Waiting;
  action: Key;
  path: (one: WaitingEnrolment) => string;
  more?: (one: WaitingEnrolment) => React.ReactNode;
}

function Group({ title, waiting, action, path, more }: GroupProps) {
  const t = useT();
  if (waiting.count === 0) return null;
  return (
    <section className="panel" aria-label={t(title)}>
      <h2>
        {t(title)} <span className="quiet">{`${waiting.count}${waiting.at_least ? '+' : ''}`}</span>
      </h2>
      <ul className="work-list">
        {waiting.newest.map((one) => (
          <li key={one.id}>
            <div>
              <span className="figures">{one.application_number}</span> <StateTag state={one.state} name={one.state_name} />{' '}
              <span className="quiet">
                {one.unit_name} · {one.plans.join('、')} · {day(one.state_since)}
              </span>
              {more && <p>{more(one)}</p>}
            </div>
            <Link to={path(one)}>
              <Button>{t(action)}</Button>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recent() {
  const t = useT();
  const query = useQuery({ queryKey: ['messages', 'recent'], queryFn: () => answer(api.GET('/me/messages', { params: { query: { limit: MESSAGES } } })) });
  return (
    <section className="panel" aria-labelledby="recent">
      <div className="panel-head">
        <h2 id="recent">{t('近期消息')}</h2>
        <Link to="/messages">{t('全部')}</Link>
      </div>
      <Load query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t('没有消息')}</p>
          ) : (
            <ul className="work-list">
              {items.map((message) => (
                <li key={message.id}>
                  <div>
                    <strong>{message.title}</strong> <span className="quiet">{minute(message.queued_at)}</span>
                    {message.text && <p>{message.text}</p>}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </section>
  );
}
