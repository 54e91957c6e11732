/** 轨迹查询: what was done in a subtree, by whomever, for auditors. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { ActionView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { ACTIONS, actionName } from '../../kit/actions';
import { Listing, type Field } from '../../kit/listing';
import { branches } from '../../kit/nodes';
import { stateName } from '../../kit/show';
import { KINDS, TopicLink } from '../../kit/topic';

export default function Trails() {
  const t = useT();
  const { data: nodes } = useQuery(nodesQuery);
  const fields = useMemo<Field[]>(
    () => [
      // A user name is made of a person's name.
      { name: 'name', label: t('编号'), personal: true, placeholder: t('须完整输入') },
      { name: 'action', label: t('操作'), kind: 'select', options: Object.entries(ACTIONS).map(([value, name]) => ({ value, label: t(name) })) },
      { name: 'kind', label: t('对象'), kind: 'select', options: Object.entries(KINDS).map(([value, name]) => ({ value, label: t(name) })) },
      { name: 'node', label: t('机构'), kind: 'tree', tree: branches(nodes ?? []) },
      { name: 'from', label: t('日期起'), kind: 'date' },
      { name: 'to', label: t('日期止'), kind: 'date' },
    ],
    [nodes, t],
  );
  return (
    <>
      <h1>{t('轨迹查询')}</h1>
      <p className="quiet">{t('编号可以是申请书号、单位代码或用户名。不选日期时查询本月。某个账号做过的全部操作，在该账号的“操作记录”中。')}</p>
      <Listing<ActionView & { key: string }>
        caption={t('轨迹查询')}
        name={['actions']}
        read={async (page, query) => {
          const { items, next } = await answer(api.GET('/actions', { params: { query: { ...page, ...query } } }));
          return { items: items.map((item, i) => ({ ...item, key: `${item.at}-${item.subject}-${i}` })), ...(next ? { next } : {}) };
        }}
        fields={fields}
        rowKey="key"
        empty={{ title: t('没有操作记录') }}
        columns={[
          { title: t('时间'), dataIndex: 'at', render: minute, className: 'figures' },
          { title: t('操作人'), dataIndex: 'actor_name' },
          { title: t('操作'), key: 'action', render: (_, row) => <Done action={row} /> },
          { title: t('对象'), key: 'topic', render: (_, row) => <TopicLink topic={row} /> },
          { title: t('内容'), dataIndex: 'note', render: (note: string) => <div className="noted">{note || '–'}</div> },
        ]}
      />
    </>
  );
}

/** What was done; of an enrolment also where it went. */
function Done({ action: { action, kind, from, to } }: { action: ActionView }) {
  const t = useT();
  return (
    <>
      {actionName(action, t)}
      {kind === 'enrolment' && from !== to && (
        <div className="quiet">
          {stateName(from, t)} → {stateName(to, t)}
        </div>
      )}
    </>
  );
}
