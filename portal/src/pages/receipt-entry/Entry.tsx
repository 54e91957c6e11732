/** 开票信息 of one enrolment: what is due and remains per plan, the receipts, and the way to finance. */
import { DeleteOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Popconfirm, Space, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { enrolment as enrolmentQuery, receipts as receiptsQuery } from '../../api/queries';
import type { EnrolmentView, PlanBorne, PlanView, ReceiptView, Receipts } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ReceiptTable } from '../../kit/Receipts';
import { useCommand } from '../../kit/command';
import { FUNDS, named, receiptTotal } from '../../kit/enrolment';
import { ProblemAlert } from '../../kit/problem';
import { Plain, Facts, Money, StateTag, countColumn, moneyColumn } from '../../kit/show';
import { Load } from '../../kit/states';
import { ReceiptForm } from './ReceiptForm';

export default function Entry() {
  const { enrolment: id = '' } = useParams();
  const view = useQuery(enrolmentQuery(id));
  const receipts = useQuery(receiptsQuery(id));
  return <Load query={view}>{(e) => <Load query={receipts}>{(r) => <Loaded view={e} receipts={r} />}</Load>}</Load>;
}

function Loaded({ view, receipts }: { view: EnrolmentView; receipts: Receipts }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [editing, setEditing] = useState<ReceiptView | 'new' | null>(null);
  const open = view.state === 'invoicing';
  const remaining = receipts.remaining.reduce((sum, plan) => sum + plan.remaining_fen, 0);
  const submit = useCommand({
    seen: view,
    send: (_: undefined, header, id) => answer(api.POST('/enrolments/{enrolment}/receipts/submission', { params: { path: { enrolment: id }, header } })),
    done: async () => {
      message.success(t('已提交，等待到账确认'));
      await navigate('/receipt-entry');
    },
  });
  const remove = useCommand<string>({
    seen: view,
    send: (receipt, header, id) => answer(api.DELETE('/enrolments/{enrolment}/receipts/{receipt}', { params: { path: { enrolment: id, receipt }, header } })),
  });
  const of = (code: string) => receipts.remaining.find((plan) => plan.plan_code === code);
  const columns: TableColumnsType<PlanView> = [
    { title: t('保障活动'), dataIndex: 'variant' },
    countColumn(t('参保人数'), (plan) => plan.participants),
    countColumn(t('高危职业人数'), (plan) => plan.high_risk),
    moneyColumn(t('会费（元）'), (plan) => plan.contribution_fen),
    moneyColumn(t('应付（元）'), (plan) => of(plan.code)?.due_fen),
    moneyColumn(t('剩余开票金额（元）'), (plan) => of(plan.code)?.remaining_fen),
  ];
  const bySource = Object.keys(FUNDS)
    .map((source) => ({ source, fen: receipts.receipts.filter(({ request, voided }) => !voided && request.fund_source === source).reduce((sum, receipt) => sum + receiptTotal(receipt), 0) }))
    .filter(({ fen }) => fen > 0);
  return (
    <>
      <div className="page-head">
        <h1>
          {t('开票信息')} <span className="figures quiet">{view.application_number}</span>
        </h1>
      </div>
      {view.return_reason && <Alert type="warning" showIcon className="gap" title={t('被退回')} description={view.return_reason} />}
      <div className="panel">
        <Facts
          columns={4}
          facts={[
            [t('单位名称'), view.unit_name],
            [t('状态'), <StateTag key="s" state={view.state} name={view.state_name} />],
            [t('总会费（元）'), <Money key="c" fen={view.contribution_fen} />],
            [t('补贴（元）'), <Money key="sub" fen={receipts.subsidy_fen} />],
            [t('赠险（元）'), <Money key="gifted" fen={receipts.gifted_fen} />],
            [t('应付（元）'), <Money key="d" fen={view.amount_due_fen} strong />],
            [t('剩余（元）'), <Money key="r" fen={remaining} strong />],
            ...bySource.map(({ source, fen }) => [t('{fund}（元）', { fund: named(FUNDS, source, t) }), <Money key={source} fen={fen} />] as [string, React.ReactNode]),
          ]}
        />
        <Plain<PlanView> dataSource={view.plans} rowKey="code" columns={columns} />
      </div>
      <Borne borne={receipts.borne} />
      <div className="panel">
        <div className="panel-head">
          <h2>{t('开票信息')}</h2>
          {open && (
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing('new')} disabled={remaining === 0}>
              {t('新增开票信息')}
            </Button>
          )}
        </div>
        <ProblemAlert error={remove.error} />
        <ReceiptTable
          enrolment={view}
          {...(open
            ? {
                actions: (receipt: ReceiptView) => (
                  <Space size={0}>
                    <Button type="text" size="small" icon={<EditOutlined aria-hidden />} aria-label={t('修改{name}', { name: receipt.batch_number })} onClick={() => setEditing(receipt)} />
                    <Popconfirm title={t('删除这张开票信息？')} onConfirm={() => void remove.run(receipt.id)}>
                      <Button type="text" size="small" danger icon={<DeleteOutlined aria-hidden />} aria-label={t('删除{name}', { name: receipt.batch_number })} />
                    </Popconfirm>
                  </Space>
                ),
              }
            : {})}
        />
      </div>
      {open && (
        <div className="panel form-foot">
          <ProblemAlert error={submit.error} />
          {remaining !== 0 && <span className="quiet">{t('各活动的剩余开票金额都为0时才能提交。')}</span>}
          <Popconfirm title={t('提交给财务？')} description={t('请按缴费通知单转账，并注明单位名称。')} onConfirm={() => void submit.run(undefined)} disabled={remaining !== 0}>
            <Button type="primary" loading={submit.pending} disabled={remaining !== 0}>
              {t('提交')}
            </Button>
          </Popconfirm>
        </div>
      )}
      {editing && <ReceiptForm view={view} receipts={receipts} editing={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
      {submit.dialog}
      {remove.dialog}
    </>
  );
}

/** 补贴和赠险明细: who bears how much of which plan. */
function Borne({ borne }: { borne: PlanBorne[] }) {
  const t = useT();
  const lines = borne.flatMap((plan) => plan.borne.map((part, i) => ({ ...part, plan: plan.plan_name, key: `${plan.plan_code}-${i}` })));
  if (lines.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('补贴和赠险明细')}</h2>
      <Plain<(typeof lines)[number]>
        dataSource={lines}
        rowKey="key"
        columns={[
          { title: t('保障活动'), dataIndex: 'plan' },
          { title: t('类别'), dataIndex: 'kind_name' },
          { title: t('补贴单位'), dataIndex: 'bearer_title', render: (title: string | null | undefined) => title ?? '–' },
          { title: t('税号'), dataIndex: 'tax_number', className: 'figures', render: (number: string | null | undefined) => number ?? '–' },
          { title: t('会费来源'), dataIndex: 'fund_source', render: (source: string | null | undefined) => (source ? named(FUNDS, source, t) : '–') },
          moneyColumn(t('金额（元）'), (line) => line.amount_fen),
        ]}
      />
    </section>
  );
}
