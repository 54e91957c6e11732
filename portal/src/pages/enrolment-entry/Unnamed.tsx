/** 新增无名单: headcounts without names, to be named later. */
import { App, Form, InputNumber, Modal } from 'antd';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { EnrolmentView, PlanView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { useClosing } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';

interface Values {
  ordinary?: number | null;
  high_risk?: number | null;
}

export function Unnamed({ view, plan, close }: { view: EnrolmentView; plan: PlanView; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const closing = useClosing();
  const command = useCommand<Values>({
    seen: view,
    basis: (seen) => [{ label: t('无名单人数'), value: String(seen.plans.find(({ code }) => code === plan.code)?.unnamed ?? 0) }],
    mine: ({ ordinary, high_risk }) => [{ label: t('无名单人数'), value: String((ordinary ?? 0) + (high_risk ?? 0)) }],
    taken: close,
    send: async ({ ordinary, high_risk }, header, id) => {
      const body = { plan: plan.code, ordinary: ordinary ?? 0, high_risk: high_risk ?? 0 };
      try {
        return await answer(api.PUT('/enrolments/{enrolment}/unnamed-members', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['ordinary', 'high_risk']));
        throw error;
      }
    },
    done: () => {
      message.success(t('已保存'));
      close();
    },
  });
  return (
    <Modal open title={`${t('新增无名单')} · ${plan.variant}`} okText={t('保存')} okButtonProps={{ loading: command.pending }} onOk={() => form.submit()} onCancel={() => closing.leave(close)}>
      <p>{t('暂时没有名单的人员先按人数参保，缴费后再实名化。这里填写的人数替换原来的{count}人。', { count: plan.unnamed })}</p>
      <ProblemAlert error={command.error} />
      <Form form={form} layout="vertical" initialValues={{ ordinary: plan.unnamed - plan.unnamed_high_risk, high_risk: plan.unnamed_high_risk }} onValuesChange={() => closing.touched(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="ordinary" label={t('一般职业人数')} rules={[{ required: true, message: t('请填写人数') }]}>
          <InputNumber min={0} precision={0} autoFocus />
        </Form.Item>
        <Form.Item name="high_risk" label={t('高危职业人数')}>
          <InputNumber min={0} precision={0} />
        </Form.Item>
      </Form>
      {command.dialog}
    </Modal>
  );
}
