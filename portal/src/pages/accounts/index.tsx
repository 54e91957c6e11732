/** 账号管理: the accounts of a subtree. */
import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { administration, nodes as nodesQuery, roles as rolesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { ListedAccount } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing, type Field } from '../../kit/listing';
import { branches, placeName } from '../../kit/nodes';
import { Tag } from '../../kit/show';
import { useMay } from '../../shell/access';
import { roleNames } from './lines';

export default function Accounts() {
  const t = useT();
  const may = useMay();
  const { data: nodes } = useQuery(nodesQuery);
  const { data: roles } = useQuery(rolesQuery);
  const fields = useMemo<Field[]>(
    () => [
      { name: 'name', label: t('姓名或用户名'), personal: true, placeholder: t('姓名片段或用户名开头') },
      { name: 'node', label: t('所在机构'), kind: 'tree', tree: branches(nodes ?? []) },
      { name: 'role', label: t('角色'), kind: 'select', options: (roles ?? []).map(({ role, name }) => ({ value: role, label: name })) },
      {
        name: 'active',
        label: t('状态'),
        kind: 'select',
        options: [
          { value: 'true', label: t('启用') },
          { value: 'false', label: t('停用') },
        ],
      },
    ],
    [nodes, roles, t],
  );
  return (
    <>
      <div className="page-head">
        <h1>{t('账号管理')}</h1>
        {may('manage-accounts') && (
          <Link to="/accounts/_new">
            <Button type="primary" icon={<PlusOutlined aria-hidden />}>
              {t('新建账号')}
            </Button>
          </Link>
        )}
      </div>
      <Listing<ListedAccount>
        caption={t('账号管理')}
        name={administration.accounts}
        read={(page, { active, ...filters }) => answer(api.GET('/accounts', { params: { query: { ...page, ...filters, ...(active ? { active: active === 'true' } : {}) } } }))}
        fields={fields}
        rowKey="id"
        empty={{ title: t('没有账号') }}
        columns={[
          { title: t('用户名'), dataIndex: 'user_name', render: (name: string, row) => <Link to={`/accounts/${row.id}`}>{name}</Link> },
          { title: t('姓名'), dataIndex: 'name' },
          { title: t('角色'), dataIndex: 'roles', render: (held: string[]) => roleNames(held, roles ?? []) },
          { title: t('所在机构'), dataIndex: 'node', render: (path: string) => placeName(nodes ?? [], path) },
          { title: t('类别'), dataIndex: 'unit', render: (unit: string | null | undefined) => (unit ? t('单位账号') : t('机构账号')) },
          { title: t('状态'), dataIndex: 'active', render: (active: boolean) => <Tag tone={active ? 'good' : 'gone'}>{active ? t('启用') : t('停用')}</Tag> },
        ]}
      />
    </>
  );
}
