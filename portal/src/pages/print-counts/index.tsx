/** 打印次数: how often notice and certificate of an enrolment were printed, for those who look after the paper. */
import { Link } from 'react-router';
import { useT } from '../../i18n';
import { EnrolmentListing } from '../../kit/enrolmentListing';
import { PRINTABLE } from '../../kit/lists';
import { countColumn } from '../../kit/show';

export default function PrintCounts() {
  const t = useT();
  return (
    <EnrolmentListing
      title={t('打印次数')}
      name="print-counts"
      preset={{ state: [...PRINTABLE].join(',') }}
      exported="enrolments"
      byState
      columns={[
        { title: t('确认书号码'), dataIndex: 'certificate_number', className: 'figures', render: (number: string | null | undefined) => number ?? '–' },
        countColumn(t('缴费通知单（次）'), (row) => row.notice_prints),
        countColumn(t('确认书（次）'), (row) => row.certificate_prints),
        { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link> },
      ]}
      empty={{ title: t('没有打印记录'), hint: t('参保单审核通过后出现在这里。') }}
    />
  );
}
