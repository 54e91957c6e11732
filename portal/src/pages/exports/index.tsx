/** 导出: workbooks made in the background; one may leave and come back. */
import { Button, Progress, Space } from 'antd';
import { answer, api } from '../../api/client';
import type { ExportView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { Listing } from '../../kit/listing';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Tag, countColumn } from '../../kit/show';

const TONES = { queued: 'review', running: 'money', ready: 'good', failed: 'bad', expired: 'gone' } as const;

export default function Exports() {
  const t = useT();
  // The link is good for five minutes: it is asked for when it is wanted.
  const fetchLink = useSend(
    ({ id }: ExportView) => answer(api.GET('/exports/{export}', { params: { path: { export: id } } })),
    ({ url }) => {
      if (url) globalThis.location.assign(url);
    },
  );
  return (
    <>
      <h1>{t('导出')}</h1>
      <ProblemAlert error={fetchLink.error} />
      <Listing<ExportView>
        caption={t('导出')}
        name={['exports']}
        read={(query) => answer(api.GET('/exports', { params: { query } }))}
        rowKey="id"
        every_ms={3_000}
        empty={{ title: t('没有导出'), hint: t('在查询页面选择“导出”后，在这里查看进度和下载。') }}
        columns={[
          {
            title: t('内容'),
            dataIndex: 'kind_name',
            render: (name: string, row) => (
              <Space>
                {name}
                {row.in_full && <Tag tone="money">{t('完整号码')}</Tag>}
              </Space>
            ),
          },
          { title: t('申请时间'), dataIndex: 'requested_at', render: minute },
          {
            title: t('状态'),
            key: 'state',
            render: (_, row) => (
              <Space>
                <Tag tone={TONES[row.state as keyof typeof TONES]}>{row.state_name}</Tag>
                {(row.state === 'queued' || row.state === 'running') && <Progress percent={100} status="active" showInfo={false} size={[90, 6]} aria-label={row.state_name} />}
                {row.reason}
              </Space>
            ),
          },
          countColumn(t('记录数'), (row) => row.records),
          countColumn(t('行数'), (row) => row.rows),
          { title: t('保留至'), dataIndex: 'kept_until', render: (until: string | null | undefined) => (until ? minute(until) : '–') },
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right',
            render: (_, row) =>
              row.state === 'ready' && (
                <Button type="link" size="small" loading={fetchLink.pending} onClick={() => void fetchLink.run(row)}>
                  {t('下载')}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
