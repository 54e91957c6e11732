/** 到账查询: confirmed payments, by the day the money arrived. */
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import type { PaymentView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { CHANNELS } from '../../kit/enrolment';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters, type Field } from '../../kit/listing';
import { moneyColumn } from '../../kit/show';

export default function PaymentQuery() {
  const t = useT();
  const fields: Field[] = [
    { name: 'application_number', label: t('申请书号') },
    { name: 'from', label: t('到账日期起'), kind: 'date' },
    { name: 'to', label: t('到账日期止'), kind: 'date' },
    { name: 'channel', label: t('缴费渠道'), kind: 'select', options: Object.entries(CHANNELS).map(([value, name]) => ({ value, label: t(name) })) },
  ];
  const [filters] = useFilters(fields);
  return (
    <>
      <div className="page-head">
        <h1>{t('到账查询')}</h1>
        <ExportButton kind="payments" filter={filters} />
      </div>
      <Listing<PaymentView>
        caption={t('到账查询')}
        name={['payments']}
        read={(page, query) => answer(api.GET('/payments', { params: { query: { ...page, ...query } } }))}
        fields={fields}
        rowKey="enrolment"
        empty={{ title: t('没有到账记录') }}
        columns={[
          { title: t('申请书号'), dataIndex: 'application_number', className: 'figures', render: (number: string, row) => <Link to={`/enrolment-query/${row.enrolment}`}>{number}</Link> },
          { title: t('单位名称'), dataIndex: 'unit_name' },
          { title: t('确认书号码'), dataIndex: 'certificate_number', className: 'figures' },
          { title: t('到账日期'), dataIndex: 'arrived_on', className: 'figures' },
          moneyColumn(t('到账金额（元）'), (row) => row.amount_fen),
          { title: t('缴费渠道'), dataIndex: 'channel_name' },
          { title: t('银行流水号'), dataIndex: 'bank_reference', className: 'figures' },
          { title: t('确认人'), dataIndex: 'by_name' },
          { title: t('确认时间'), dataIndex: 'confirmed_at', render: minute },
          { title: t('备注'), dataIndex: 'remark', render: (remark: string) => remark || '–' },
          { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.enrolment}?tab=receipts`}>{t('票据')}</Link> },
        ]}
      />
    </>
  );
}
