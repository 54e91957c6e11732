/** 到账登记: what finance saw on the bank's statement; or back to the unit's receipts, with a reason. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { enrolment as enrolmentQuery } from '../../api/queries';
import type { EnrolmentView } from '../../api/schema.gen';
import { today } from '../../format/dates';
import { yuan } from '../../format/money';
import { useT } from '../../i18n';
import { MoneyInput } from '../../kit/MoneyInput';
import { ReceiptTable } from '../../kit/Receipts';
import { useCommand } from '../../kit/command';
import { BaseFacts, CHANNELS, PlanTable } from '../../kit/enrolment';
import { SAVED, useGuard } from '../../kit/guard';
import { Ownership, useOwnTask } from '../../kit/ownership';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Load } from '../../kit/states';

export default function Confirm() {
  const { enrolment: id = '' } = useParams();
  const query = useQuery(enrolmentQuery(id));
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: EnrolmentView }) {
  const t = useT();
  const own = useOwnTask(view, 'payment');
  const here = view.state === 'awaiting-payment';
  return (
    <>
      <h1>
        {view.unit_name} <span className="figures quiet">{view.application_number}</span>
      </h1>
      {here ? <Ownership subject={view} level="payment" own={own} pool="/payment-confirmation" /> : <Alert className="gap" type="info" showIcon title={t('参保单现在处于“{state}”，不在本环节。', { state: view.state_name })} />}
      <div className="with-side">
        <div>
          <div className="panel">
            <BaseFacts enrolment={view} />
            <PlanTable enrolment={view} />
          </div>
          <div className="panel">
            <h2>{t('开票信息')}</h2>
            <ReceiptTable enrolment={view} />
          </div>
        </div>
        {here && own && (
          <aside className="panel side-form">
            <Register view={view} />
          </aside>
        )}
      </div>
    </>
  );
}

interface Values {
  arrived_on: Dayjs;
  amount_fen: number;
  channel: string;
  bank_reference: string;
  remark?: string;
}

function Register({ view }: { view: EnrolmentView }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [opened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const [returning, setReturning] = useState(false);
  const guard = useGuard(dirty);
  const leave = () => {
    setDirty(false);
    void navigate('/payment-confirmation', { state: SAVED });
  };
  const command = useCommand<Values>({
    seen: opened,
    basis: (seen) => [{ label: t('应付（元）'), value: yuan(seen.amount_due_fen ?? 0) }],
    mine: ({ amount_fen }) => [{ label: t('应付（元）'), value: yuan(amount_fen) }],
    send: async ({ arrived_on, remark, ...rest }, header, id) => {
      const body = { ...rest, arrived_on: arrived_on.format('YYYY-MM-DD'), ...(remark ? { remark } : {}) };
      try {
        return await answer(api.POST('/enrolments/{enrolment}/payment', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['arrived_on', 'amount_fen', 'channel', 'bank_reference', 'remark']));
        throw error;
      }
    },
    done: () => {
      message.success(t('到账已确认，保障生效，票据将按结算日规则开具'));
      leave();
    },
  });
  return (
    <>
      <h2>{t('到账登记')}</h2>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ arrived_on: dayjs(today()), channel: 'transfer' }} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="arrived_on" label={t('到账日期')} rules={[{ required: true, message: t('请选择到账日期') }]}>
          <DatePicker style={{ width: '100%' }} allowClear={false} disabledDate={(date) => date.isAfter(dayjs(today()), 'day')} />
        </Form.Item>
        <Form.Item
          name="amount_fen"
          label={t('到账金额（元）')}
          extra={t('应付{amount}元', { amount: yuan(view.amount_due_fen ?? 0) })}
          rules={[{ required: true, message: t('请填写金额，最多两位小数') }]}
        >
          <MoneyInput />
        </Form.Item>
        <Form.Item name="channel" label={t('缴费渠道')} rules={[{ required: true }]}>
          <Select options={Object.entries(CHANNELS).map(([value, name]) => ({ value, label: t(name) }))} />
        </Form.Item>
        <Form.Item name="bank_reference" label={t('银行流水号')} rules={[{ required: true, whitespace: true, message: t('请填写银行流水号') }]}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="remark" label={t('备注')}>
          <Input.TextArea rows={2} maxLength={200} showCount />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={command.pending}>
          {t('确认到账')}
        </Button>
        <Button className="second-button" danger block onClick={() => setReturning(true)}>
          {t('退回开票录入')}
        </Button>
      </Form>
      {returning && <Return view={view} close={() => setReturning(false)} done={leave} />}
      {command.dialog}
      {guard}
    </>
  );
}

function Return({ view, close, done }: { view: EnrolmentView; close: () => void; done: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ reason: string }>();
  const command = useCommand<{ reason: string }>({
    seen: view,
    send: async (body, header, id) => {
      try {
        return await answer(api.POST('/enrolments/{enrolment}/payment/return', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['reason']));
        throw error;
      }
    },
    done: () => {
      message.success(t('已退回单位'));
      close();
      done();
    },
  });
  return (
    <Modal open title={t('退回开票录入')} okText={t('退回')} okButtonProps={{ danger: true, loading: command.pending }} onOk={() => form.submit()} onCancel={close}>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" onFinish={(values) => void command.run(values)}>
        <Form.Item name="reason" label={t('退回原因')} rules={[{ required: true, whitespace: true, message: t('请填写原因') }]}>
          <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
        </Form.Item>
      </Form>
      {command.dialog}
    </Modal>
  );
}
