/** Units by a part of their name, or by their code. */
import { useQuery } from '@tanstack/react-query';
import { Space, type TableColumnsType } from 'antd';
import { Link } from 'react-router';
import { nodes as nodesQuery } from '../api/administration';
import { answer, api } from '../api/client';
import { keys } from '../api/queries';
import type { ManagedUnitRow } from '../api/schema.gen';
import { useT } from '../i18n';
import { ExportButton } from './ExportButton';
import { Listing } from './listing';
import { branches, placeName } from './nodes';
import { paged } from './paged';
import { Tag } from './show';

/** How a unit stands, as tags. */
export function UnitStanding({ unit }: { unit: { active: boolean; restricted: boolean; classified: boolean; moving: boolean; merged_into?: string | null } }) {
  const t = useT();
  return (
    <Space wrap>
      <Tag tone={unit.active ? 'good' : 'gone'}>{unit.active ? t('正常') : t('停用')}</Tag>
      {unit.restricted && <Tag tone="bad">{t('限制')}</Tag>}
      {unit.classified && <Tag tone="review">{t('涉密')}</Tag>}
      {unit.merged_into && <Tag tone="gone">{t('已合并')}</Tag>}
      {unit.moving && <Tag tone="money">{t('移交中')}</Tag>}
    </Space>
  );
}

export function UnitListing({ caption, columns = [] }: { caption: string; columns?: TableColumnsType<ManagedUnitRow> }) {
  const t = useT();
  const { data: nodes } = useQuery(nodesQuery);
  return (
    <Listing<ManagedUnitRow>
      caption={caption}
      name={keys.units}
      read={(page, { contact, ...filters }) =>
        // A name or number stands in no address.
        contact ? answer(api.POST('/unit-searches', { body: { contact } })).then((found) => paged(found, page)) : answer(api.GET('/units', { params: { query: { ...page, ...filters } } }))
      }
      fields={[
        { name: 'name', label: t('单位名称') },
        { name: 'code', label: t('统一社会信用代码') },
        { name: 'node', label: t('归属代办处'), kind: 'tree', tree: branches(nodes ?? []) },
        { name: 'contact', label: t('联系人'), personal: true, placeholder: t('姓名或手机号码，须完整') },
      ]}
      rowKey="id"
      toolbar={({ contact, ...filter }) => <ExportButton kind="units" filter={filter} {...(contact ? { contact } : {})} />}
      empty={{ title: t('没有单位') }}
      columns={[
        { title: t('单位名称'), dataIndex: 'name', render: (name: string, row) => <Link to={`/unit-query/${row.id}`}>{name}</Link> },
        { title: t('统一社会信用代码'), dataIndex: 'code', className: 'figures', render: (code: string | null | undefined) => code ?? '–' },
        { title: t('归属代办处'), dataIndex: 'agency', render: (path: string) => placeName(nodes ?? [], path) },
        { title: t('经办人'), dataIndex: 'handler_name', render: (name: string | null | undefined) => name ?? '–' },
        { title: t('状态'), key: 'standing', render: (_, row) => <UnitStanding unit={row} /> },
        ...columns,
      ]}
    />
  );
}
