/** 保障活动: every plan variant, with which version is in effect, which comes next, and which drafts there are. */
import { PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Space } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { reference, variants } from '../../api/reference';
import type { PlanRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing, type Field } from '../../kit/listing';
import { paged } from '../../kit/paged';
import { Tag } from '../../kit/show';
import { NEW, useChangesPlans } from './access';

const STANDS: Record<string, (row: PlanRow) => boolean> = {
  'in-effect': (row) => row.in_effect != null,
  scheduled: (row) => row.scheduled.length > 0,
  draft: (row) => row.drafts.length > 0,
};

export default function PlanVariants() {
  const t = useT();
  const queries = useQueryClient();
  const changes = useChangesPlans();
  const fields = useMemo<Field[]>(
    () => [
      { name: 'text', label: t('名称或代码') },
      {
        name: 'standing',
        label: t('版本状态'),
        kind: 'select',
        options: [
          { value: 'in-effect', label: t('有在用版本') },
          { value: 'scheduled', label: t('有待生效版本') },
          { value: 'draft', label: t('有草稿') },
        ],
      },
    ],
    [t],
  );
  return (
    <>
      <div className="page-head">
        <h1>{t('保障活动')}</h1>
        {changes && (
          <Link to={`/plan-variants/${NEW}`}>
            <Button type="primary" icon={<PlusOutlined aria-hidden />}>
              {t('新建细类')}
            </Button>
          </Link>
        )}
      </div>
      <Listing<PlanRow>
        caption={t('保障活动')}
        name={reference.variants}
        read={async (page, { text = '', standing = '' }) => {
          const all = await queries.query({ ...variants, staleTime: 0 });
          const found = all.filter((row) => [row.code, row.name, row.variant].some((one) => one.includes(text)) && (STANDS[standing]?.(row) ?? true));
          return paged(found, page);
        }}
        fields={fields}
        rowKey="code"
        empty={{ title: t('没有保障活动') }}
        columns={[
          { title: t('代码'), dataIndex: 'code', className: 'figures' },
          {
            title: t('保障活动细类'),
            dataIndex: 'variant',
            render: (variant: string, row) => (
              <>
                <Link to={`/plan-variants/${row.code}`}>{variant}</Link>
                <div className="quiet">{row.name}</div>
              </>
            ),
          },
          { title: t('在用版本'), dataIndex: 'in_effect', className: 'figures', render: (version: string | null | undefined) => (version == null ? '–' : <Tag tone="good">{version}</Tag>) },
          { title: t('待生效'), dataIndex: 'scheduled', render: (all: string[]) => <Versions all={all} tone="money" /> },
          { title: t('草稿'), dataIndex: 'drafts', render: (all: string[]) => <Versions all={all} tone="work" /> },
        ]}
      />
    </>
  );
}

function Versions({ all, tone }: { all: string[]; tone: 'money' | 'work' }) {
  if (all.length === 0) return '–';
  return (
    <Space wrap>
      {all.map((version) => (
        <Tag key={version} tone={tone}>
          {version}
        </Tag>
      ))}
    </Space>
  );
}
