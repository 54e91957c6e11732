/** Receipts that turn out wrong: finance voids them (作废) and issues others in their place (重开), for the same amount. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { receipts as receiptsQuery } from '../../api/queries';
import type { EnrolmentView, ReceiptView, ReissueInput } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import { useT } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { ReceiptTable } from '../../kit/Receipts';
import { useCommand } from '../../kit/command';
import { receiptTotal } from '../../kit/enrolment';
import { ProblemAlert, placeFaults } from '../../kit/problem';

type Wrong = { receipt: ReceiptView; what: 'void' | 'reissue' };

export function AmendableReceipts({ view }: { view: EnrolmentView }) {
  const t = useT();
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const { data } = useQuery(receiptsQuery(view.id));
  const replaced = new Set(data?.receipts.map(({ replaces }) => replaces));
  const close = () => setWrong(null);
  return (
    <>
      <ReceiptTable
        enrolment={view}
        actions={(receipt) =>
          receipt.voided ? (
            !replaced.has(receipt.id) && (
              <Button type="link" size="small" onClick={() => setWrong({ receipt, what: 'reissue' })}>
                {t('重开')}
              </Button>
            )
          ) : receipt.issued ? (
            <Button type="link" size="small" danger onClick={() => setWrong({ receipt, what: 'void' })}>
              {t('作废')}
            </Button>
          ) : null
        }
      />
      {wrong?.what === 'void' && <Void view={view} receipt={wrong.receipt} close={close} />}
      {wrong?.what === 'reissue' && <Reissue view={view} receipt={wrong.receipt} close={close} />}
    </>
  );
}

interface Props {
  view: EnrolmentView;
  receipt: ReceiptView;
  close: () => void;
}

function Void({ view, receipt, close }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<{ reason: string }>();
  const command = useCommand<{ reason: string }>({
    seen: view,
    // An issued receipt does not change; whether it was voided meanwhile the server says.
    basis: () => [],
    send: async (body, header, id) => {
      try {
        return await answer(api.POST('/enrolments/{enrolment}/receipts/{receipt}/void', { params: { path: { enrolment: id, receipt: receipt.id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['reason']));
        throw error;
      }
    },
    done: () => {
      message.success(t('票据已作废'));
      close();
    },
  });
  return (
    <Modal
      open
      title={`${t('作废票据')} ${receipt.receipt_number ?? receipt.batch_number}`}
      okText={t('作废')}
      okButtonProps={{ danger: true, loading: command.pending }}
      onOk={() => form.submit()}
      onCancel={() => leave(close)}
    >
      <Alert className="gap" type="warning" showIcon title={t('金额{amount}元。作废不能撤销；作废后可按原金额重开。', { amount: yuan(receiptTotal(receipt)) })} />
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="reason" label={t('作废原因')} rules={[{ required: true, whitespace: true, message: t('请填写原因') }]}>
          <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
        </Form.Item>
      </Form>
      {command.dialog}
    </Modal>
  );
}

const FIELDS = new Set(['payer_title', 'tax_number_type', 'tax_number', 'payer_email']);

function Reissue({ view, receipt, close }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<ReissueInput>();
  const type: string | undefined = Form.useWatch('tax_number_type', form);
  const { payer_title, payer_email, tax_number_type, tax_number } = receipt.request;
  const command = useCommand<ReissueInput>({
    seen: view,
    basis: () => [],
    send: async ({ tax_number: number, ...rest }, header, id) => {
      const body = { ...rest, ...(number && rest.tax_number_type !== 'none' ? { tax_number: number } : {}) };
      try {
        return await answer(api.POST('/enrolments/{enrolment}/receipts/{receipt}/reissue', { params: { path: { enrolment: id, receipt: receipt.id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, FIELDS);
        throw error;
      }
    },
    done: () => {
      message.success(t('已重开，电子票据将发送到所填邮箱'));
      close();
    },
  });
  return (
    <Modal
      open
      width={680}
      title={`${t('重开票据')} · ${receipt.batch_number}`}
      okText={t('重开')}
      okButtonProps={{ loading: command.pending }}
      onOk={() => form.submit()}
      onCancel={() => leave(close)}
      mask={{ closable: false }}
    >
      <p>{t('金额{amount}元和项目与原票据相同，只更正抬头、税号和邮箱。', { amount: yuan(receiptTotal(receipt)) })}</p>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ payer_title, payer_email, tax_number_type, tax_number }} onValuesChange={() => touched(true)} onFinish={(values) => void command.run(values)}>
        <div className="two">
          <Form.Item name="payer_title" label={t('抬头')} rules={[{ required: true, whitespace: true, message: t('请填写抬头') }]}>
            <Input autoComplete="organization" autoFocus />
          </Form.Item>
          <Form.Item name="payer_email" label={t('电子邮箱')} extra={t('电子票据发送到此邮箱')} rules={[{ required: true, whitespace: true, message: t('请填写电子邮箱') }]}>
            <Input type="email" autoComplete="email" />
          </Form.Item>
          <Form.Item name="tax_number_type" label={t('税号类型')} rules={[{ required: true }]}>
            <Select
              options={[
                { value: 'credit-code', label: t('统一社会信用代码') },
                { value: 'taxpayer-number', label: t('纳税人识别号') },
                { value: 'none', label: t('无') },
              ]}
            />
          </Form.Item>
          <Form.Item name="tax_number" label={t('税号')}>
            <Input autoComplete="off" disabled={type === 'none'} />
          </Form.Item>
        </div>
      </Form>
      {command.dialog}
    </Modal>
  );
}
