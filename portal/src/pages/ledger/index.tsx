/** 业财明细: balanced entries, and their sums under the same filters. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import { plans as plansQuery } from '../../api/queries';
import type { EntryView, LineView, TotalView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { FUNDS, named } from '../../kit/enrolment';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters, type Field } from '../../kit/listing';
import { branches } from '../../kit/nodes';
import { Facts, Money, Plain, moneyColumn } from '../../kit/show';
import { Load } from '../../kit/states';

export default function Ledger() {
  const t = useT();
  const offers = useQuery(plansQuery);
  const nodes = useQuery(nodesQuery);
  const fields: Field[] = [
    { name: 'from', label: t('记账日期起'), kind: 'date' },
    { name: 'to', label: t('记账日期止'), kind: 'date' },
    { name: 'node', label: t('机构'), kind: 'tree', tree: branches(nodes.data ?? []) },
    { name: 'plan', label: t('保障活动'), kind: 'select', options: (offers.data ?? []).map(({ code, variant }) => ({ value: code, label: variant })) },
  ];
  const [filters] = useFilters(fields);
  const totals = useQuery({ queryKey: ['ledger-totals', filters], queryFn: () => answer(api.GET('/ledger/totals', { params: { query: filters } })) });
  const variant = (code: string | null | undefined) => (code ? (offers.data?.find((plan) => plan.code === code)?.variant ?? code) : '–');
  const fund = (source: string | null | undefined) => (source ? named(FUNDS, source, t) : '–');
  return (
    <>
      <div className="page-head">
        <h1>{t('业财明细')}</h1>
        <ExportButton kind="ledger" filter={filters} />
      </div>
      <section className="panel" aria-label={t('合计')}>
        <Load query={totals}>
          {(sums) => (
            <>
              <Facts
                facts={[
                  [t('分录数'), sums.cut ? t('{count}以上', { count: sums.entries }) : sums.entries],
                  [t('借方合计（元）'), <Money key="debit" fen={sums.debit_fen} strong />],
                  [t('贷方合计（元）'), <Money key="credit" fen={sums.credit_fen} strong />],
                ]}
              />
              <Plain<TotalView & { key: number }>
                dataSource={sums.totals.map((total, i) => ({ ...total, key: i }))}
                columns={[
                  { title: t('科目'), dataIndex: 'account_name' },
                  { title: t('保障活动'), dataIndex: 'plan', render: variant },
                  { title: t('会费来源'), dataIndex: 'fund_source', render: fund },
                  moneyColumn(t('借方（元）'), (total) => total.debit_fen),
                  moneyColumn(t('贷方（元）'), (total) => total.credit_fen),
                ]}
              />
            </>
          )}
        </Load>
      </section>
      <Listing<EntryView & { key: string }>
        caption={t('业财明细')}
        name={['ledger']}
        read={async (page, query) => {
          const { items, next } = await answer(api.GET('/ledger', { params: { query: { ...page, ...query } } }));
          return { items: items.map((entry) => ({ ...entry, key: `${entry.enrolment}-${entry.event}-${entry.at}` })), ...(next ? { next } : {}) };
        }}
        fields={fields}
        rowKey="key"
        empty={{ title: t('没有分录') }}
        columns={[
          { title: t('记账日期'), dataIndex: 'day', className: 'figures' },
          { title: t('时间'), dataIndex: 'at', render: minute },
          { title: t('业务'), dataIndex: 'event_name' },
          { title: t('申请书号'), dataIndex: 'application_number', className: 'figures', render: (number: string, row) => <Link to={`/enrolment-query/${row.enrolment}`}>{number}</Link> },
          { title: t('单位名称'), dataIndex: 'unit_name' },
          {
            title: t('分录'),
            dataIndex: 'lines',
            render: (lines: LineView[]) => (
              <ul className="entry">
                {lines.map((line, i) => (
                  <li key={i}>
                    <span>{line.side === 'debit' ? t('借') : t('贷')}</span> {line.account_name} {line.plan && <span className="quiet">{variant(line.plan)}</span>} <Money fen={line.amount_fen} />
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </>
  );
}
