/** 参保录入: the task list of a unit, or of the units an office enters for, and new enrolments. */
import { PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Space } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import { useT } from '../../i18n';
import { EnrolmentListing } from '../../kit/enrolmentListing';
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
      <EnrolmentListing
        title={t('参保录入')}
        name="entry"
        exported="enrolments"
        actions={button}
        numbered
        byState
        columns={[
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
        ]}
        empty={{ title: t('还没有参保单'), hint: t('新建一张参保单，为职工办理参保。') }}
      >
        <ProblemAlert error={create.error} />
      </EnrolmentListing>
      {choosing && <OnBehalf close={() => setChoosing(false)} />}
      {withdrawing && <WithdrawById id={withdrawing} close={() => setWithdrawing(null)} />}
    </>
  );
}
