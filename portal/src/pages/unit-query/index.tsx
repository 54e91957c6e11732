/** 单位查询: units by a part of their name, or by their code. */
import { Space } from 'antd';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import type { ManagedUnitRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing } from '../../kit/listing';
import { Tag } from '../../kit/show';

export default function UnitQuery() {
  const t = useT();
  return (
    <>
      <h1>{t('单位查询')}</h1>
      <Listing<ManagedUnitRow>
        caption={t('单位查询')}
        name={['units']}
        read={(page, filters) => answer(api.GET('/units', { params: { query: { ...page, ...filters } } }))}
        fields={[
          { name: 'name', label: t('单位名称') },
          { name: 'code', label: t('统一社会信用代码') },
        ]}
        rowKey="id"
        empty={{ title: t('没有单位') }}
        columns={[
          { title: t('单位名称'), dataIndex: 'name', render: (name: string, row) => <Link to={`/unit-query/${row.id}`}>{name}</Link> },
          { title: t('统一社会信用代码'), dataIndex: 'code', className: 'figures', render: (code: string | null | undefined) => code ?? '–' },
          { title: t('经办人'), dataIndex: 'handler_name', render: (name: string | null | undefined) => name ?? '–' },
          {
            title: t('状态'),
            key: 'standing',
            render: (_, row) => (
              <Space>
                <Tag tone={row.active ? 'good' : 'gone'}>{row.active ? t('正常') : t('停用')}</Tag>
                {row.restricted && <Tag tone="bad">{t('限制')}</Tag>}
                {row.classified && <Tag tone="review">{t('涉密')}</Tag>}
                {row.merged_into && <Tag tone="gone">{t('已合并')}</Tag>}
              </Space>
            ),
          },
        ]}
      />
    </>
  );
}
