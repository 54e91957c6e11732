/** 撤销: what has no confirmed payment yet, for the supervisor. */
import { useQuery } from '@tanstack/react-query';
import { Button, Space } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { enrolment as enrolmentQuery, keys } from '../../api/queries';
import type { EnrolmentRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Listing, type Filters } from '../../kit/listing';
import { countEnrolments, numberFields, readEnrolments, rowColumns } from '../../kit/lists';
import { ProblemAlert } from '../../kit/problem';
import { Withdraw } from '../../kit/Withdraw';

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
      {chosen && <Chosen id={chosen} close={() => choose(null)} />}
    </>
  );
}

function Chosen({ id, close }: { id: string; close: () => void }) {
  const { data, error } = useQuery(enrolmentQuery(id));
  if (error) return <ProblemAlert error={error} />;
  return data ? <Withdraw enrolment={data} close={close} /> : null;
}
