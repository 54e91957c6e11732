/** The receipts of an enrolment as a table, with what remains. */
import { useQuery } from '@tanstack/react-query';
import { receipts as receiptsQuery } from '../api/queries';
import type { EnrolmentView, ItemInput, ReceiptView } from '../api/schema.gen';
import { useT } from '../i18n';
import { receiptColumns } from './enrolment';
import { Plain, countColumn, moneyColumn } from './show';
import { Empty, Load } from './states';

type Line = ItemInput & { key: number };

export function ReceiptTable({ enrolment, actions }: { enrolment: EnrolmentView; actions?: (receipt: ReceiptView) => React.ReactNode }) {
  const t = useT();
  const query = useQuery(receiptsQuery(enrolment.id));
  const variant = (code: string) => enrolment.plans.find((plan) => plan.code === code)?.variant ?? code;
  return (
    <Load query={query}>
      {({ receipts }) =>
        receipts.length === 0 ? (
          <Empty title={t('没有开票信息')} />
        ) : (
          <Plain<ReceiptView>
            dataSource={receipts}
            rowKey="id"
            columns={[...receiptColumns(t), ...(actions ? [{ title: t('操作'), key: 'actions', fixed: 'right' as const, render: (_: unknown, row: ReceiptView) => actions(row) }] : [])]}
            expandable={{
              expandedRowRender: ({ request }) => (
                <Plain<Line>
                  dataSource={request.items.map((item, i) => ({ ...item, key: i }))}
                  columns={[
                    { title: t('保障活动'), dataIndex: 'plan_code', render: variant },
                    { title: t('职业'), dataIndex: 'occupation', render: (occupation: string) => (occupation === 'high-risk' ? t('高危职业') : t('一般职业')) },
                    countColumn<Line>(t('人数'), (item) => item.persons),
                    moneyColumn<Line>(t('每人金额（元）'), (item) => item.price_fen),
                    moneyColumn<Line>(t('金额（元）'), (item) => item.persons * item.price_fen),
                    { title: t('备注'), dataIndex: 'note', render: (note: string | undefined) => note ?? '–' },
                  ]}
                />
              ),
            }}
          />
        )
      }
    </Load>
  );
}
