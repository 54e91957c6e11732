/** Loading, error, nothing and not permitted: designed, never blank. */
import { InboxOutlined, LockOutlined, QuestionCircleOutlined, ReloadOutlined, WarningOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Refused } from '../api/problem';
import { useT } from '../i18n';

function State({ icon, title, hint, actions, role }: { icon: ReactNode; title: string; hint?: ReactNode; actions?: ReactNode; role?: 'alert' }) {
  return (
    <div className="state" role={role}>
      <div className="state-icon" aria-hidden>
        {icon}
      </div>
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {actions && <div className="state-actions">{actions}</div>}
    </div>
  );
}

export function Empty({ title, hint, action }: { title: string; hint?: ReactNode; action?: ReactNode }) {
  return <State icon={<InboxOutlined aria-hidden />} title={title} hint={hint} actions={action} />;
}

export function NotFound() {
  const t = useT();
  const home = (
    <Link to="/">
      <Button type="primary">{t('返回首页')}</Button>
    </Link>
  );
  return <State icon={<QuestionCircleOutlined aria-hidden />} title={t('没有找到您要的内容')} hint={t('它可能不存在，或不在您的查看范围内。')} actions={home} />;
}

export function NotPermitted() {
  const t = useT();
  const home = (
    <Link to="/">
      <Button type="primary">{t('返回首页')}</Button>
    </Link>
  );
  return <State icon={<LockOutlined aria-hidden />} title={t('您没有使用此功能的权限')} hint={t('如工作需要，请联系本级管理员为您的账号增加角色。')} actions={home} />;
}

export function Failed({ error, retry }: { error: Error; retry?: () => void }) {
  const t = useT();
  if (error instanceof Refused && error.status === 404) return <NotFound />;
  if (error instanceof Refused && error.status === 403) return <NotPermitted />;
  const request = error instanceof Refused ? error.request : undefined;
  return (
    <State
      role="alert"
      icon={<WarningOutlined aria-hidden />}
      title={error.message || t('页面出错了')}
      hint={request && t('报障编号：{id}', { id: request })}
      actions={
        retry && (
          <Button icon={<ReloadOutlined aria-hidden />} onClick={retry}>
            {t('重试')}
          </Button>
        )
      }
    />
  );
}

export function Loading() {
  const t = useT();
  return (
    <div className="loading" role="status" aria-label={t('正在加载')}>
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  );
}

/** Shows what was read, or why not yet. */
export function Load<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading />;
}
