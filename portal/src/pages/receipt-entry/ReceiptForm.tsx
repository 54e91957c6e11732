/** 新增开票信息: who pays what from which fund, with the receipt as it will read beside it (票据预览). */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Button, Drawer, Form, Input, InputNumber, Select, Space } from 'antd';
import { useDeferredValue, useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { EnrolmentView, ReceiptInput, ReceiptView, Receipts } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import { useT } from '../../i18n';
import { MoneyInput } from '../../kit/MoneyInput';
import { useCommand } from '../../kit/command';
import { CHANNELS, FUNDS } from '../../kit/enrolment';
import { useClosing, useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Preview } from './Preview';

interface Item {
  plan_code?: string;
  occupation?: string;
  persons?: number | null;
  price_fen?: number;
  note?: string;
}

interface Values extends Omit<ReceiptInput, 'items' | 'payer_title' | 'payer_email'> {
  payer_title?: string;
  payer_email?: string;
  items: Item[];
}

const FIELDS = new Set([
  'fund_source',
  'payer_title',
  'tax_number_type',
  'tax_number',
  'channel',
  'payer_email',
  'other_information',
  'items.plan_code',
  'items.occupation',
  'items.persons',
  'items.price_fen',
  'items.note',
]);

function initial(view: EnrolmentView, receipts: Receipts, editing: ReceiptView | null): Partial<Values> {
  if (editing) return editing.request;
  // What remains of each plan, as one line each, is what most units want.
  const items = view.plans.flatMap<Item>((plan) => {
    const left = receipts.remaining.find(({ plan_code }) => plan_code === plan.code)?.remaining_fen ?? 0;
    if (left <= 0) return [];
    const even = plan.participants > 0 && left % plan.participants === 0;
    return [{ plan_code: plan.code, occupation: 'ordinary', ...(even ? { persons: plan.participants, price_fen: left / plan.participants } : {}) }];
  });
  return { fund_source: 'union-funds', channel: 'transfer', tax_number_type: 'credit-code', payer_title: view.unit_name, items };
}

/** The form as the server takes it, once every line is complete. */
function complete(values: Partial<Values> | undefined): ReceiptInput | undefined {
  const items = (values?.items ?? []).flatMap(({ plan_code, occupation, persons, price_fen, note }) =>
    plan_code && occupation && persons && price_fen !== undefined ? [{ plan_code, occupation, persons, price_fen, ...(note ? { note } : {}) }] : [],
  );
  if (!values || items.length === 0 || items.length !== values.items?.length) return undefined;
  const { fund_source = '', channel = '', tax_number_type = '', payer_title, tax_number, payer_email, other_information } = values;
  return {
    fund_source,
    channel,
    tax_number_type,
    payer_title: payer_title ?? '',
    payer_email: payer_email ?? '',
    items,
    ...(tax_number ? { tax_number } : {}),
    ...(other_information ? { other_information } : {}),
  };
}

export function ReceiptForm({ view, receipts, editing, close }: { view: EnrolmentView; receipts: Receipts; editing: ReceiptView | null; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [opened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const closing = useClosing();
  const values = Form.useWatch((all: Values) => all, form) as Partial<Values> | undefined;
  const body = useDeferredValue(complete(values));
  const preview = useQuery({
    queryKey: ['receipt-preview', view.id, body],
    queryFn: () => answer(api.POST('/enrolments/{enrolment}/receipts/preview', { params: { path: { enrolment: view.id } }, body: body as ReceiptInput })),
    enabled: body !== undefined && body.payer_title !== '' && body.payer_email !== '',
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
  });
  const command = useCommand<ReceiptInput>({
    seen: opened,
    basis: (seen) => [{ label: t('应付（元）'), value: yuan(seen.amount_due_fen ?? 0) }],
    send: async (request, header, id) => {
      try {
        return editing
          ? await answer(api.PUT('/enrolments/{enrolment}/receipts/{receipt}', { params: { path: { enrolment: id, receipt: editing.id }, header }, body: request }))
          : await answer(api.POST('/enrolments/{enrolment}/receipts', { params: { path: { enrolment: id }, header }, body: request }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, FIELDS);
        throw error;
      }
    },
    done: () => {
      message.success(t('已保存'));
      setDirty(false);
      close();
    },
  });
  const persons = view.plans.reduce<Record<string, number>>((all, plan) => ({ ...all, [plan.code]: plan.participants }), {});
  return (
    <Drawer
      open
      size={1240}
      title={editing ? t('修改开票信息') : t('新增开票信息')}
      onClose={() => closing.leave(close)}
      footer={
        <Space>
          <Button type="primary" loading={command.pending} onClick={() => form.submit()}>
            {t('保存')}
          </Button>
          <Button onClick={() => closing.leave(close)}>{t('取消')}</Button>
        </Space>
      }
    >
      <div className="with-preview">
        <Form
          form={form}
          layout="vertical"
          initialValues={initial(view, receipts, editing)}
          onValuesChange={() => {
            setDirty(true);
            closing.touched(true);
          }}
          onFinish={(all) => {
            const request = complete(all);
            if (request) void command.run(request);
          }}
        >
          <ProblemAlert error={command.error} />
          <div className="two">
            <Form.Item name="fund_source" label={t('会费来源')} rules={[{ required: true }]}>
              <Select options={Object.entries(FUNDS).map(([value, name]) => ({ value, label: t(name) }))} />
            </Form.Item>
            <Form.Item name="channel" label={t('缴费渠道')} rules={[{ required: true }]}>
              <Select options={Object.entries(CHANNELS).map(([value, name]) => ({ value, label: t(name) }))} />
            </Form.Item>
            <Form.Item name="payer_title" label={t('抬头')} rules={[{ required: true, whitespace: true, message: t('请填写抬头') }]}>
              <Input autoComplete="organization" />
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
              <Input autoComplete="off" disabled={values?.tax_number_type === 'none'} />
            </Form.Item>
          </div>
          <Form.Item name="other_information" label={t('其他信息')}>
            <Input maxLength={40} showCount autoComplete="off" />
          </Form.Item>
          <Form.List name="items">
            {(fields, { add, remove }) => (
              <div className="rows" role="group" aria-label={t('开票项目')}>
                {fields.map((field, i) => {
                  const item = values?.items?.[field.name];
                  return (
                    <div className="row" key={field.key}>
                      <Form.Item className="grow" name={[field.name, 'plan_code']} label={t('保障活动')} rules={[{ required: true, message: t('请选择保障活动') }]}>
                        <Select options={view.plans.map(({ code, variant }) => ({ value: code, label: variant }))} />
                      </Form.Item>
                      <Form.Item name={[field.name, 'occupation']} label={t('职业')} rules={[{ required: true }]}>
                        <Select
                          options={[
                            { value: 'ordinary', label: t('一般职业') },
                            { value: 'high-risk', label: t('高危职业') },
                          ]}
                        />
                      </Form.Item>
                      <Form.Item name={[field.name, 'persons']} label={t('人数')} rules={[{ required: true, message: t('请填写人数') }]} extra={t('最多{max}人', { max: persons[item?.plan_code ?? ''] ?? 0 })}>
                        <InputNumber min={1} precision={0} />
                      </Form.Item>
                      <Form.Item name={[field.name, 'price_fen']} label={t('每人金额（元）')} rules={[{ required: true, message: t('请填写金额，最多两位小数') }]}>
                        <MoneyInput />
                      </Form.Item>
                      <div className="row-fact">
                        <span className="label">{t('金额（元）')}</span>
                        <span className="money">{item?.persons && item.price_fen !== undefined ? yuan(item.persons * item.price_fen) : '–'}</span>
                      </div>
                      <Form.Item className="grow" name={[field.name, 'note']} label={t('备注')}>
                        <Input maxLength={40} autoComplete="off" />
                      </Form.Item>
                      <Button className="row-button" icon={<DeleteOutlined aria-hidden />} disabled={fields.length === 1} aria-label={t('删除第{n}行', { n: i + 1 })} onClick={() => remove(field.name)} />
                    </div>
                  );
                })}
                <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => add({ occupation: 'ordinary' })}>
                  {t('添加开票项目')}
                </Button>
              </div>
            )}
          </Form.List>
        </Form>
        <Preview preview={preview.data} error={preview.error} plans={view.plans} />
      </div>
      {command.dialog}
      {guard}
    </Drawer>
  );
}
