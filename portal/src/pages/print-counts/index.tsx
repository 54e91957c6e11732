/** 打印次数: how often notice and certificate of an enrolment were printed, for those who look after the paper. */
import { Link } from 'react-router';
import type { EnrolmentRow } from '../../api/schema.gen';
import { keys } from '../../api/queries';
import { useT } from '../../i18n';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters, type Filters } from '../../kit/listing';
import { PRINTABLE, countEnrolments, numberFields, readEnrolments, rowColumns, stateField } from '../../kit/lists';
import { countColumn } from '../../kit/show';

const wanted = (filters: Filters): Filters => ({ state: [...PRINTABLE].join(','), ...filters });

export default function PrintCounts() {
  const t = useT();
  const fields = [...numberFields(t), stateField(t)];
  const [filters] = useFilters(fields);
  return (
    <>
      <div className="page-head">
        <h1>{t('打印次数')}</h1>
        <ExportButton kind="enrolments" filter={wanted(filters)} />
      </div>
      <Listing<EnrolmentRow>
        caption={t('打印次数')}
        name={[...keys.enrolments, 'print-counts']}
        read={(page, asked) => readEnrolments(page, wanted(asked))}
        count={(asked) => countEnrolments(wanted(asked))}
        fields={fields}
        rowKey="id"
        empty={{ title: t('没有打印记录'), hint: t('参保单审核通过后出现在这里。') }}
        columns={[
          ...rowColumns(t),
          { title: t('确认书号码'), dataIndex: 'certificate_number', className: 'figures', render: (number: string | null | undefined) => number ?? '–' },
          countColumn(t('缴费通知单（次）'), (row) => row.notice_prints),
          countColumn(t('确认书（次）'), (row) => row.certificate_prints),
          { title: t('操作'), key: 'actions', fixed: 'right', render: (_, row) => <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link> },
        ]}
      />
    </>
  );
}
