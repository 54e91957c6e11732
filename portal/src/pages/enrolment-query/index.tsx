/** 参保查询 */
import { Link } from 'react-router';
import { useT } from '../../i18n';
import { EnrolmentListing } from '../../kit/enrolmentListing';

export default function EnrolmentQuery() {
  const t = useT();
  return (
    <EnrolmentListing
      title={t('参保查询')}
      name="query"
      exported="enrolments"
      rosters
      byState
      columns={[{ title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link> }]}
      empty={{ title: t('没有参保单') }}
    />
  );
}
