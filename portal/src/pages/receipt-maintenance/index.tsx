/** 开票信息维护: paid enrolments, whose issued receipts finance voids and reissues. */
import { Link } from 'react-router';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters, type Filters } from '../../kit/listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns } from '../../kit/lists';
import { moneyColumn } from '../../kit/show';

/** Receipts are issued once the money is there. */
const wanted = (filters: Filters): Filters => ({ state: 'awaiting-print,awaiting-archive,completed', ...filters });

export default function ReceiptMaintenance() {
  const t = useT();
  const fields = numberFields(t);
  const [filters] = useFilters(fields);
  return (
    <>
      <div className="page-head">
        <h1>{t('开票信息维护')}</h1>
        <ExportButton kind="receipts" filter={wanted(filters)} />
      </div>
      <Listing<EnrolmentRow>
        caption={t('开票信息维护')}
        name={[...keys.enrolments, 'receipt-maintenance']}
        read={(page, asked) => readEnrolments(page, wanted(asked))}
        count={(asked) => countEnrolments(wanted(asked))}
        fields={fields}
        rowKey="id"
        empty={{ title: t('还没有开具电子票据'), hint: t('到账确认后出现在这里。') }}
        columns={[
          ...rowColumns(t),
          moneyColumn(t('应付（元）'), (row) => row.amount_due_fen),
          moneyColumn(t('剩余（元）'), (row) => row.remaining_fen),
          { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}?tab=receipts`}>{t('作废或重开')}</Link> },
        ]}
      />
    </>
  );
}
