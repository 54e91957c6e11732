/** 票据号段: where receipts take their numbers from, and how far that has come. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { answer, api } from '../../api/client';
import type { SeriesView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Plain, Tag, countColumn } from '../../kit/show';
import { Load } from '../../kit/states';

export default function ReceiptSeries() {
  const t = useT();
  const query = useQuery({ queryKey: ['receipt-series'], queryFn: () => answer(api.GET('/receipt-series')) });
  return (
    <>
      <h1>{t('票据号段')}</h1>
      <Load query={query}>
        {(series) => (
          <>
            {series.some(({ sample }) => sample) && (
              <Alert className="gap" type="warning" showIcon title={t('尚未接入财政票据系统')} description={t('票据取自样例号段，票面印有“样例”字样，不能用于报销和入账。')} />
            )}
            <section className="panel">
              <Plain<SeriesView>
                dataSource={series}
                rowKey="code"
                columns={[
                  { title: t('票据名称'), key: 'title', render: () => '全国性社会团体会费统一票据（电子）' },
                  { title: t('票据代码'), dataIndex: 'code', className: 'figures' },
                  { title: t('类别'), dataIndex: 'sample', render: (sample: boolean) => (sample ? <Tag tone="bad">{t('样例')}</Tag> : <Tag tone="good">{t('正式')}</Tag>) },
                  { title: t('最近使用的号码'), dataIndex: 'last_number', className: 'figures', render: (number: string | null | undefined) => number ?? t('尚未使用') },
                  countColumn(t('已用（张）'), (row) => row.taken),
                  { title: t('剩余（张）'), align: 'right', render: (_, { left }) => <span className="money">{left ?? t('不限')}</span> },
                ]}
              />
            </section>
            <p className="quiet">{t('全国共用一个号段，已用数量为各办事处合计；作废的票据占用号码。')}</p>
          </>
        )}
      </Load>
    </>
  );
}
