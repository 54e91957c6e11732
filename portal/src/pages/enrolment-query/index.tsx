/** 参保查询 */
import type { TableColumnsType } from 'antd';
import { Link } from 'react-router';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing } from '../../kit/listing';
import { numberFields, readEnrolments, rowColumns, stateField } from '../../kit/lists';

export default function EnrolmentQuery() {
  const t = useT();
  const columns: TableColumnsType<EnrolmentRow> = [
    ...rowColumns(t),
    { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link> },
  ];
  return (
    <>
      <h1>{t('参保查询')}</h1>
      <Listing<EnrolmentRow>
        caption={t('参保查询')}
        name={[...keys.enrolments, 'query']}
        read={readEnrolments}
        fields={[...numberFields(t), stateField(t)]}
        columns={columns}
        rowKey="id"
        empty={{ title: t('没有参保单') }}
      />
    </>
  );
}
