/** 撤销 with a reason. */
import { useQuery } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import { enrolment as enrolmentQuery } from '../api/queries';
import type { EnrolmentView } from '../api/schema.gen';
import { useT } from '../i18n';
import { useCommand } from './command';
import { useClosing } from './guard';
import { ProblemAlert, placeFaults } from './problem';

export function Withdraw({ enrolment, close }: { enrolment: EnrolmentView; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ reason: string }>();
  const closing = useClosing();
  const command = useCommand<{ reason: string }>({
    seen: enrolment,
    send: async (body, header, id) => {
      try {
        return await answer(api.POST('/enrolments/{enrolment}/withdrawal', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['reason']));
        throw error;
      }
    },
    done: () => {
      message.success(t('已撤销'));
      close();
    },
  });
  return (
    <Modal
      open
      title={t('撤销参保单{number}', { number: enrolment.application_number })}
      okText={t('撤销')}
      okButtonProps={{ danger: true, loading: command.pending }}
      onOk={() => form.submit()}
      onCancel={() => closing.leave(close)}
    >
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={(_, { reason }) => closing.touched(Boolean(reason))} onFinish={(values) => void command.run(values)}>
        <Form.Item name="reason" label={t('撤销原因')} rules={[{ required: true, whitespace: true, message: t('请填写原因') }]}>
          <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
        </Form.Item>
      </Form>
      {command.dialog}
    </Modal>
  );
}

/** The same for a row of a list. */
export function WithdrawById({ id, close }: { id: string; close: () => void }) {
  const { data, error } = useQuery(enrolmentQuery(id));
  if (error) return <ProblemAlert error={error} />;
  return data ? <Withdraw enrolment={data} close={close} /> : null;
}
