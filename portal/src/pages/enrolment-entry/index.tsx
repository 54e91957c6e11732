/** 参保录入: the task list of a unit, or of the units an office enters for, and new enrolments. */
import { PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Space, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ExportButton } from '../../kit/ExportButton';
import { Listing, useFilters } from '../../kit/listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns, stateField } from '../../kit/lists';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { WithdrawById } from '../../kit/Withdraw';
import { useMay, useMe } from '../../shell/access';
import { OnBehalf } from './OnBehalf';

export default function EnrolmentEntry() {
  const t = useT();
  const account = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [withdrawing, setWithdrawing] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  const create = useSend(
    (_: undefined, key) => answer(api.POST('/enrolments', { params: { header: { 'Idempotency-Key': key } }, body: {} })),
    async ({ id }) => {
      void queries.invalidateQueries({ queryKey: keys.enrolments });
      await navigate(`/enrolment-entry/${id}`);
    },
  );
  const fields = [...numberFields(t), stateField(t)];
  const [filters] = useFilters(fields);
  const columns: TableColumnsType<EnrolmentRow> = [
    ...rowColumns(t),
    { title: t('原因'), dataIndex: 'return_reason', render: (reason: string | null | undefined) => reason ?? '–' },
    {
      title: t('操作'),
      key: 'actions',
      fixed: 'right',
      render: (_, row) => (
        <Space>
          {row.state === 'drafting' ? <Link to={`/enrolment-entry/${row.id}`}>{t('继续录入')}</Link> : <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link>}
          {may('withdraw-early') && (row.state === 'drafting' || row.state === 'first-review') && (
            <Button type="link" size="small" danger onClick={() => setWithdrawing(row.id)}>
              {t('撤销')}
            </Button>
          )}
        </Space>
      ),
    },
  ];
  const button = account.unit ? (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} loading={create.pending} onClick={() => void create.run(undefined)}>
      {t('新建参保录入')}
    </Button>
  ) : (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setChoosing(true)}>
      {t('代单位新建参保录入')}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <h1>{t('参保录入')}</h1>
        <Space>
          <ExportButton kind="enrolments" filter={filters} />
          {button}
        </Space>
      </div>
      <ProblemAlert error={create.error} />
      <Listing<EnrolmentRow>
        caption={t('参保录入')}
        name={[...keys.enrolments, 'entry']}
        read={readEnrolments}
        count={countEnrolments}
        numbered
        fields={fields}
        columns={columns}
        rowKey="id"
        empty={{ title: t('还没有参保单'), hint: t('新建一张参保单，为职工办理参保。') }}
      />
      {choosing && <OnBehalf close={() => setChoosing(false)} />}
      {withdrawing && <WithdrawById id={withdrawing} close={() => setWithdrawing(null)} />}
    </>
  );
}
