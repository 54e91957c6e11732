/** 注册查询: applications by where they stand; those that were rejected wait to be corrected. */
import { useQuery } from '@tanstack/react-query';
import { Space, Tabs } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { RegistrationRow } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT, type Key } from '../../i18n';
import { Listing } from '../../kit/listing';
import { branches } from '../../kit/nodes';
import { Tag } from '../../kit/show';

interface Standing {
  state: 'rejected' | 'submitted' | 'approved';
  label: Key;
  since: Key;
  empty: Key;
}

const REJECTED: Standing = { state: 'rejected', label: '已退回', since: '退回时间', empty: '没有待更正的申请' };
const STATES: Standing[] = [REJECTED, { state: 'submitted', label: '待审核', since: '提交时间', empty: '没有待审核的申请' }, { state: 'approved', label: '已通过', since: '通过时间', empty: '没有已通过的申请' }];

export default function RegistrationQuery() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const { data: nodes } = useQuery(nodesQuery);
  const at = STATES.find(({ state }) => state === params.get('state')) ?? REJECTED;
  return (
    <>
      <h1>{t('注册查询')}</h1>
      <Tabs activeKey={at.state} onChange={(state) => setParams({ state })} items={STATES.map(({ state, label }) => ({ key: state, label: t(label) }))} />
      <Listing<RegistrationRow>
        key={at.state}
        caption={t('注册查询')}
        name={['registrations', at.state]}
        read={(page, filters) => answer(api.GET('/registrations', { params: { query: { ...page, ...filters, state: at.state } } }))}
        fields={[{ name: 'node', label: t('机构'), kind: 'tree', tree: branches(nodes ?? []) }]}
        rowKey="id"
        empty={{ title: t(at.empty) }}
        columns={[
          { title: t('单位名称'), dataIndex: 'unit_name', render: (name: string, row) => <Link to={`/registration-query/${row.id}`}>{name}</Link> },
          { title: t('统一社会信用代码'), dataIndex: 'code', className: 'figures' },
          { title: t('归属代办处'), dataIndex: 'agency_name' },
          {
            title: t('联系人'),
            key: 'contact',
            render: (_, row) => (
              <Space>
                {row.contact_name}
                {row.on_behalf && <Tag tone="work">{t('代单位注册')}</Tag>}
              </Space>
            ),
          },
          { title: t('申请时间'), dataIndex: 'created_at', render: minute },
          { title: t(at.since), dataIndex: 'since', render: minute },
          ...(at.state === 'rejected' ? [{ title: t('退回原因'), dataIndex: 'reason', render: (reason: string | null) => reason ?? '–' }] : []),
          ...(at.state === 'approved'
            ? [{ title: t('单位'), key: 'unit', render: (_: unknown, row: RegistrationRow) => row.registered_unit && <Link to={`/unit-query/${row.registered_unit}`}>{t('查看')}</Link> }]
            : []),
        ]}
      />
    </>
  );
}
