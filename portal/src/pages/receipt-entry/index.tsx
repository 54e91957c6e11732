/** 线上开票录入: enrolments that wait for it, and those that have it. */
import { Link } from 'react-router';
import type { EnrolmentRow, FundView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { FUNDS, named } from '../../kit/enrolment';
import { EnrolmentListing } from '../../kit/enrolmentListing';
import { Money, moneyColumn } from '../../kit/show';
import { useMe } from '../../shell/access';

/** From here on there are receipts. */
const WITH_RECEIPTS = new Set(['invoicing', 'awaiting-payment', 'awaiting-print', 'awaiting-archive', 'completed']);

export default function ReceiptEntry() {
  const t = useT();
  const account = useMe();
  return (
    <EnrolmentListing
      title={t('线上开票录入')}
      name="receipts"
      preset={{ state: [...WITH_RECEIPTS].join(',') }}
      exported="receipts"
      byState
      // A unit sees its own only; the amounts need the place.
      unitShown={!account.unit}
      columns={[
        moneyColumn(t('总会费（元）'), (row) => row.contribution_fen),
        moneyColumn(t('补贴（元）'), (row) => row.subsidy_fen),
        moneyColumn(t('赠险（元）'), (row) => row.gifted_fen),
        { title: t('会费来源'), dataIndex: 'funds', render: (funds: FundView[]) => <Sources funds={funds} /> },
        moneyColumn(t('应付（元）'), (row) => row.amount_due_fen),
        { title: t('原因'), dataIndex: 'return_reason', render: (reason: string | null | undefined) => <div className="brief">{reason ?? '–'}</div> },
        { ...moneyColumn<EnrolmentRow>(t('剩余（元）'), (row) => row.remaining_fen), fixed: 'right' },
        {
          title: t('操作'),
          key: 'actions',
          fixed: 'right',
          render: (_, row) =>
            WITH_RECEIPTS.has(row.state) ? (
              <Link to={`/receipt-entry/${row.id}`}>{row.state === 'invoicing' ? t('录入') : t('查看')}</Link>
            ) : (
              <span className="quiet">{t('审核通过后可录入')}</span>
            ),
        },
      ]}
      empty={{ title: t('没有需要开票的参保单'), hint: t('参保单审核通过后出现在这里。') }}
    />
  );
}

/** What was entered so far, by whose money it is. */
function Sources({ funds }: { funds: FundView[] }) {
  const t = useT();
  if (funds.length === 0) return '–';
  return (
    <ul className="entry">
      {funds.map(({ source, amount_fen }) => (
        <li key={source}>
          {named(FUNDS, source, t)} <Money fen={amount_fen} />
        </li>
      ))}
    </ul>
  );
}
