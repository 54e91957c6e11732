/** One account: who, where, what it may do; its changes; and what was done to it and by it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Popconfirm, Space, Tabs } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { account as accountQuery, administration, nodes as nodesQuery, roles as rolesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { ManagedAccount } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Journal } from '../../kit/journal';
import { placeName } from '../../kit/nodes';
import { ProblemAlert } from '../../kit/problem';
import { Facts, Tag } from '../../kit/show';
import { Load } from '../../kit/states';
import { TopicLink } from '../../kit/topic';
import { useVersioned } from '../../kit/versioned';
import { useMay, useMe } from '../../shell/access';
import { SignInTable } from '../sign-ins/SignInTable';
import { Change } from './Change';
import { Reason, type Command } from './Reason';
import { roleNames, standingLines, type Known } from './lines';

export default function Account() {
  const { account = '' } = useParams();
  const query = useQuery(accountQuery(account));
  const nodes = useQuery(nodesQuery);
  const roles = useQuery(rolesQuery);
  return (
    <Load query={query}>
      {(view) => <Load query={nodes}>{(tree) => <Load query={roles}>{(known) => <Loaded view={view} known={{ nodes: tree, roles: known }} />}</Load>}</Load>}
    </Load>
  );
}

interface Props {
  view: ManagedAccount;
  known: Known;
}

function Loaded({ view, known }: Props) {
  const t = useT();
  const may = useMay();
  const me = useMe();
  const [changing, setChanging] = useState(false);
  const [asking, setAsking] = useState<Command | null>(null);
  const path = { account: view.id };
  const manages = may('manage-accounts');
  return (
    <>
      <div className="page-head">
        <h1>
          {view.name} <span className="quiet">{view.user_name}</span>
        </h1>
        {manages && view.manageable && !changing && (
          <Space wrap>
            <Button onClick={() => setChanging(true)}>{t('修改')}</Button>
            {view.active && view.mobile && <SendLink view={view} known={known} />}
            {view.totp && <Button onClick={() => setAsking('totp-reset')}>{t('重置动态口令')}</Button>}
            {view.active ? (
              <Button danger onClick={() => setAsking('closing')}>
                {t('停用')}
              </Button>
            ) : (
              <Button onClick={() => setAsking('reopening')}>{t('启用')}</Button>
            )}
          </Space>
        )}
      </div>
      {manages && !view.manageable && (
        <Alert className="gap" type="info" showIcon title={me.id === view.id ? t('不能管理自己的账号，请由上级管理员办理。') : t('管理员和审计员的账号由上级机构的管理员管理。')} />
      )}
      <section className="panel">
        {changing ? (
          <Change view={view} known={known} close={() => setChanging(false)} />
        ) : (
          <Facts
            facts={[
              [t('用户名'), view.user_name],
              [t('姓名'), view.name],
              [t('手机号码'), view.mobile ?? t('尚未登记')],
              [t('所在机构'), placeName(known.nodes, view.node)],
              [t('单位'), view.unit ? may('read-units') ? <Link to={`/unit-query/${view.unit}`}>{t('查看单位')}</Link> : t('单位账号') : '–'],
              [t('角色'), roleNames(view.roles, known.roles)],
              [t('状态'), <Tag tone={view.active ? 'good' : 'gone'}>{view.active ? t('启用') : t('停用')}</Tag>],
              [t('动态口令'), view.totp ? t('已绑定') : t('未绑定')],
            ]}
          />
        )}
      </section>
      <section className="panel">
        <Tabs
          destroyOnHidden
          items={[
            {
              key: 'trail',
              label: t('变更轨迹'),
              children: (
                <Journal caption={t('变更轨迹')} name={[...administration.account(view.id), 'trail']} read={(query) => answer(api.GET('/accounts/{account}/trail', { params: { path, query } }))} />
              ),
            },
            ...(may('read-sign-ins')
              ? [{ key: 'sign-ins', label: t('登录日志'), children: <SignInTable name={[...administration.account(view.id), 'sign-ins']} read={(query) => answer(api.GET('/accounts/{account}/sign-ins', { params: { path, query } }))} /> }]
              : []),
            ...(may('read-actions')
              ? [
                  {
                    key: 'actions',
                    label: t('操作记录'),
                    children: (
                      <Journal
                        own
                        caption={t('操作记录')}
                        name={[...administration.account(view.id), 'actions']}
                        read={(query) => answer(api.GET('/accounts/{account}/actions', { params: { path, query } }))}
                        more={[{ title: t('对象'), key: 'topic', render: (_, row) => <TopicLink topic={row} /> }]}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      </section>
      {asking && <Reason command={asking} view={view} known={known} close={() => setAsking(null)} />}
    </>
  );
}

/** 发送设置密码链接, after asking once. */
function SendLink({ view, known }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { id } = view;
  const command = useVersioned<ManagedAccount, undefined>({
    seen: view,
    read: () => queries.query({ ...accountQuery(id), staleTime: 0 }),
    basis: (body) => standingLines(body, known, t),
    said: t('您打开本页之后，有人更新了账号。请比较后决定。'),
    send: (_, header) => answer(api.POST('/accounts/{account}/password-link', { params: { path: { account: id }, header }, body: {} })),
    refresh: () => queries.invalidateQueries({ queryKey: administration.account(id) }),
    done: () => message.success(t('链接已发送，72小时内有效')),
  });
  return (
    <>
      <Popconfirm title={t('向{mobile}发送设置密码的链接？', { mobile: view.mobile ?? '' })} onConfirm={() => void command.run(undefined)}>
        <Button loading={command.pending}>{t('发送设置密码链接')}</Button>
      </Popconfirm>
      <ProblemAlert error={command.error} />
      {command.dialog}
    </>
  );
}
