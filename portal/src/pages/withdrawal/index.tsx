/** 撤销: what has no confirmed payment yet, for the supervisor. */
import { Button, Space } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing, type Filters } from '../../kit/listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns } from '../../kit/lists';
import { WithdrawById } from '../../kit/Withdraw';

const wanted = (filters: Filters): Filters => ({ state: 'drafting,first-review,second-review,final-review,invoicing,awaiting-payment', ...filters });

export default function Withdrawal() {
  const t = useT();
  const [chosen, choose] = useState<string | null>(null);
  return (
    <>
      <h1>{t('撤销')}</h1>
      <Listing<EnrolmentRow>
        caption={t('撤销')}
        name={[...keys.enrolments, 'withdrawal']}
        read={(page, asked) => readEnrolments(page, wanted(asked))}
        count={(asked) => countEnrolments(wanted(asked))}
        fields={numberFields(t)}
        rowKey="id"
        empty={{ title: t('没有可以撤销的参保单'), hint: t('到账确认之后不能撤销。') }}
        columns={[
          ...rowColumns(t),
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
      />
      {chosen && <WithdrawById id={chosen} close={() => choose(null)} />}
    </>
  );
}
