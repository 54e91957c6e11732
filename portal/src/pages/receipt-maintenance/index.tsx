/** 开票信息维护: paid enrolments, whose issued receipts finance voids and reissues. */
import { Link } from 'react-router';
import { useT } from '../../i18n';
import { EnrolmentListing } from '../../kit/enrolmentListing';
import { moneyColumn } from '../../kit/show';

/** Receipts are issued once the money is there. */
const ISSUED = { state: 'awaiting-print,awaiting-archive,completed' };

export default function ReceiptMaintenance() {
  const t = useT();
  return (
    <EnrolmentListing
      title={t('开票信息维护')}
      name="receipt-maintenance"
      preset={ISSUED}
      exported="receipts"
      columns={[
        moneyColumn(t('应付（元）'), (row) => row.amount_due_fen),
        moneyColumn(t('剩余（元）'), (row) => row.remaining_fen),
        { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}?tab=receipts`}>{t('作废或重开')}</Link> },
      ]}
      empty={{ title: t('还没有开具电子票据'), hint: t('到账确认后出现在这里。') }}
    />
  );
}
