/** 参保查询 */
import type { TableColumnsType } from 'antd';
import { Link } from 'react-router';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters } from '../../kit/listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns, stateField } from '../../kit/lists';

export default function EnrolmentQuery() {
  const t = useT();
  const fields = [...numberFields(t), stateField(t)];
  const [filters] = useFilters(fields);
  const columns: TableColumnsType<EnrolmentRow> = [
    ...rowColumns(t),
    { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link> },
  ];
  return (
    <>
      <div className="page-head">
        <h1>{t('参保查询')}</h1>
        <ExportButton kind="enrolments" filter={filters} />
      </div>
      <Listing<EnrolmentRow>
        caption={t('参保查询')}
        name={[...keys.enrolments, 'query']}
        read={readEnrolments}
        count={countEnrolments}
        fields={fields}
        columns={columns}
        rowKey="id"
        empty={{ title: t('没有参保单') }}
      />
    </>
  );
}
