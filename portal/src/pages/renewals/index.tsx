/** 续保管理: enrolments whose cover ends soon, or ended lately, and that nothing renews yet. */
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { DueView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters, type Field } from '../../kit/listing';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Tag, countColumn, moneyColumn } from '../../kit/show';
import { useMay } from '../../shell/access';

/** Within so many days it is urgent. */
const SOON_DAYS = 15;

export default function Renewals() {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const fields: Field[] = [
    { name: 'from', label: t('到期日期起'), kind: 'date' },
    { name: 'to', label: t('到期日期止'), kind: 'date' },
  ];
  const [filters] = useFilters(fields);
  const renew = useSend(
    ({ id }: DueView, key) => answer(api.POST('/enrolments/{enrolment}/renewal', { params: { path: { enrolment: id }, header: { 'Idempotency-Key': key } } })),
    async ({ id }) => {
      void queries.invalidateQueries({ queryKey: keys.enrolments });
      await navigate(`/enrolment-entry/${id}`);
    },
  );
  return (
    <>
      <div className="page-head">
        <h1>{t('续保管理')}</h1>
        <ExportButton kind="renewals" filter={filters} />
      </div>
      <ProblemAlert error={renew.error} />
      <Listing<DueView>
        caption={t('续保管理')}
        name={[...keys.enrolments, 'renewals']}
        read={(page, filters) => answer(api.GET('/renewals', { params: { query: { ...page, ...filters } } }))}
        fields={fields}
        rowKey="id"
        empty={{ title: t('没有需要续保的参保单'), hint: t('保障到期前60天起出现在这里。') }}
        columns={[
          { title: t('申请书号'), dataIndex: 'application_number', className: 'figures', render: (number: string, row) => <Link to={`/enrolment-query/${row.id}`}>{number}</Link> },
          { title: t('单位名称'), dataIndex: 'unit_name' },
          { title: t('保障活动'), dataIndex: 'plans', render: (plans: string[]) => plans.join('、') },
          countColumn(t('参保人数'), (row) => row.participants),
          moneyColumn(t('总会费（元）'), (row) => row.contribution_fen),
          { title: t('到期日期'), dataIndex: 'cover_ends', className: 'figures' },
          {
            title: t('剩余天数'),
            dataIndex: 'days_left',
            align: 'right',
            render: (days: number) => <Tag tone={days < 0 ? 'bad' : days <= SOON_DAYS ? 'money' : 'review'}>{days < 0 ? t('已到期{days}天', { days: -days }) : t('{days}天', { days })}</Tag>,
          },
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right',
            render: (_, row) =>
              may('enter-enrolments') && (
                <Button type="link" size="small" loading={renew.pending} onClick={() => void renew.run(row)}>
                  {t('续保')}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
