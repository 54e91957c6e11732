/** 限制名单: people whom no roster takes; who is on it, why, and since when stays to be read. */
import { PlusOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { RestrictionView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { Listing } from '../../kit/listing';
import { paged } from '../../kit/paged';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Tag } from '../../kit/show';

export default function RestrictedPeople() {
  const t = useT();
  const [adding, setAdding] = useState(false);
  const [lifting, setLifting] = useState<RestrictionView | null>(null);
  return (
    <>
      <div className="page-head">
        <h1>{t('限制名单')}</h1>
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setAdding(true)}>
          {t('加入限制名单')}
        </Button>
      </div>
      <Listing<RestrictionView>
        caption={t('限制名单')}
        name={['restricted-people']}
        read={(page, { id_number }) =>
          // By the whole number, which stands in no address.
          id_number ? answer(api.POST('/restricted-people/search', { body: { id_number } })).then((found) => paged(found, page)) : answer(api.GET('/restricted-people', { params: { query: page } }))
        }
        fields={[{ name: 'id_number', label: t('身份证号码'), personal: true, placeholder: t('须完整输入') }]}
        rowKey="id"
        empty={{ title: t('限制名单是空的') }}
        columns={[
          { title: t('身份证号码'), dataIndex: 'id_number', className: 'figures' },
          { title: t('原因'), dataIndex: 'reason' },
          { title: t('自'), dataIndex: 'from', className: 'figures' },
          { title: t('至'), dataIndex: 'until', className: 'figures', render: (until: string | null | undefined) => until ?? t('不限') },
          {
            title: t('状态'),
            key: 'state',
            render: (_, row) => (
              <>
                <Tag tone={row.in_force ? 'bad' : 'gone'}>{row.in_force ? t('限制中') : t('不在限制中')}</Tag> {row.lifted?.reason}
              </>
            ),
          },
          { title: t('登记人'), dataIndex: 'by_name' },
          { title: t('登记时间'), dataIndex: 'at', render: minute },
          {
            title: t('操作'),
            key: 'actions',
            fixed: 'right',
            render: (_, row) =>
              !row.lifted && (
                <Button type="link" size="small" onClick={() => setLifting(row)}>
                  {t('解除限制')}
                </Button>
              ),
          },
        ]}
      />
      {adding && <Add close={() => setAdding(false)} />}
      {lifting && <Lift entry={lifting} close={() => setLifting(null)} />}
    </>
  );
}

interface Values {
  id_number: string;
  reason: string;
  from?: Dayjs | null;
  until?: Dayjs | null;
}

function Add({ close }: { close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<Values>();
  const send = useSend(
    async ({ id_number, reason, from, until }: Values, key) => {
      const body = { id_number, reason, ...(from ? { from: from.format('YYYY-MM-DD') } : {}), ...(until ? { until: until.format('YYYY-MM-DD') } : {}) };
      try {
        return await answer(api.POST('/restricted-people', { params: { header: { 'Idempotency-Key': key } }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['id_number', 'reason', 'from', 'until']));
        throw error;
      }
    },
    async () => {
      message.success(t('已保存'));
      close();
      await queries.invalidateQueries({ queryKey: ['restricted-people'] });
    },
  );
  return (
    <Modal open title={t('加入限制名单')} okText={t('保存')} okButtonProps={{ loading: send.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <ProblemAlert error={send.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={(values) => void send.run(values)}>
        <Form.Item name="id_number" label={t('身份证号码')} rules={[{ required: true, whitespace: true, message: t('请填写身份证号码') }]}>
          <Input autoComplete="off" autoFocus />
        </Form.Item>
        <Form.Item name="reason" label={t('原因')} rules={[{ required: true, whitespace: true, message: t('请填写原因') }]}>
          <Input.TextArea rows={3} maxLength={200} showCount />
        </Form.Item>
        <div className="two">
          <Form.Item name="from" label={t('自')} extra={t('不填则自今日起')}>
            <DatePicker style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="until" label={t('至')} extra={t('不填则不限')}>
            <DatePicker style={{ width: '100%' }} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}

function Lift({ entry, close }: { entry: RestrictionView; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<{ reason: string }>();
  const send = useSend(
    async (body: { reason: string }, key) => {
      const params = { path: { restriction: entry.id }, header: { 'Idempotency-Key': key } };
      try {
        return await answer(api.POST('/restricted-people/{restriction}/lift', { params, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['reason']));
        throw error;
      }
    },
    async () => {
      message.success(t('已解除限制'));
      close();
      await queries.invalidateQueries({ queryKey: ['restricted-people'] });
    },
  );
  return (
    <Modal open title={`${t('解除限制')} ${entry.id_number}`} okText={t('解除限制')} okButtonProps={{ loading: send.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <ProblemAlert error={send.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={(values) => void send.run(values)}>
        <Form.Item name="reason" label={t('原因')} rules={[{ required: true, whitespace: true, message: t('请填写原因') }]}>
          <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
