/** 线上开票录入: enrolments that wait for it, and those that have it. */
import type { TableColumnsType } from 'antd';
import { Link } from 'react-router';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing } from '../../kit/listing';
import { numberFields, readEnrolments, rowColumns, stateField } from '../../kit/lists';

/** From here on there are receipts. */
const WITH_RECEIPTS = new Set(['invoicing', 'awaiting-payment', 'awaiting-print', 'awaiting-archive', 'completed']);

export default function ReceiptEntry() {
  const t = useT();
  const columns: TableColumnsType<EnrolmentRow> = [
    ...rowColumns(t),
    { title: t('原因'), dataIndex: 'return_reason', render: (reason: string | null | undefined) => reason ?? '–' },
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
  ];
  return (
    <>
      <h1>{t('线上开票录入')}</h1>
      <Listing<EnrolmentRow>
        caption={t('线上开票录入')}
        name={[...keys.enrolments, 'receipts']}
        read={(page, filters) => readEnrolments(page, { state: [...WITH_RECEIPTS].join(','), ...filters })}
        fields={[...numberFields(t), stateField(t)]}
        columns={columns}
        rowKey="id"
        empty={{ title: t('没有需要开票的参保单'), hint: t('参保单审核通过后出现在这里。') }}
      />
    </>
  );
}
