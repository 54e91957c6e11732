/** 撤销: what has no confirmed payment yet, for the supervisor. */
import { Button, Space } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useT } from '../../i18n';
import { EnrolmentListing } from '../../kit/enrolmentListing';
import { WithdrawById } from '../../kit/Withdraw';

const UNPAID = { state: 'drafting,first-review,second-review,final-review,invoicing,awaiting-payment' };

export default function Withdrawal() {
  const t = useT();
  const [chosen, choose] = useState<string | null>(null);
  return (
    <>
      <EnrolmentListing
        title={t('撤销')}
        name="withdrawal"
        preset={UNPAID}
        columns={[
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right',
            render: (_, row) => (
              <Space>
                <Link to={`/enrolment-query/${row.id}`}>{t('查看')}</Link>
                <Button type="link" size="small" danger onClick={() => choose(row.id)}>
                  {t('撤销')}
                </Button>
              </Space>
            ),
          },
        ]}
        empty={{ title: t('没有可以撤销的参保单'), hint: t('到账确认之后不能撤销。') }}
      />
      {chosen && <WithdrawById id={chosen} close={() => choose(null)} />}
    </>
  );
}
