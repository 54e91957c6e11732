/** 终止: the last day on which it is granted. */
import { useQueryClient } from '@tanstack/react-query';
import { App, DatePicker, Form, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { reliefs as reliefsQuery } from '../../api/reference';
import type { PlanRow, ReliefEndInput, ReliefView, ReliefsView } from '../../api/schema.gen';
import { today } from '../../format/dates';
import { useT } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { choosesOnly } from '../../kit/versions';
import { useVersioned } from '../../kit/versioned';
import { ReliefEffect } from './Effect';
import { reliefLines, ruleText, variantName } from './lines';

export function End({ relief, view, variants, refresh, close }: { relief: ReliefView; view: ReliefsView; variants: PlanRow[]; refresh: () => Promise<unknown>; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<{ last_day: Dayjs }>();
  const lastDay = Form.useWatch('last_day', form) as Dayjs | null | undefined;
  const command = useVersioned<ReliefsView, ReliefEndInput>({
    seen: view,
    read: () => queries.query({ ...reliefsQuery(view.office), staleTime: 0 }),
    basis: (now) =>
      reliefLines(
        now.reliefs.filter(({ id }) => id === relief.id),
        variants,
        t,
      ),
    said: t('您打开本页之后，有人更新了补贴和赠险。请比较后决定。'),
    over: (now) => (now.reliefs.some(({ id }) => id === relief.id) ? undefined : t('这项补贴或赠险已取消。')),
    send: async (body, header) => {
      try {
        return await answer(api.POST('/offices/{office}/reliefs/{relief}/end', { params: { path: { office: view.office, relief: relief.id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['last_day']));
        throw error;
      }
    },
    refresh,
    taken: close,
    done: () => {
      message.success(t('已终止'));
      close();
    },
  });
  const earliest = dayjs(today());
  return (
    <Modal open width={840} title={t('终止{kind}', { kind: relief.kind_name })} okText={t('终止')} okButtonProps={{ danger: true, loading: command.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <p>
        {variantName(relief.plan_code, variants)} · {ruleText(relief.rule, t)}
      </p>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ last_day: earliest }} onValuesChange={() => touched(true)} onFinish={({ last_day }) => void command.run({ last_day: last_day.format('YYYY-MM-DD') })}>
        <Form.Item name="last_day" label={t('最后一日')} extra={t('早于开始日期的，整项取消')} rules={[{ required: true, message: t('请选择{what}', { what: t('最后一日') }) }]}>
          <DatePicker style={{ width: '100%' }} onKeyDown={choosesOnly} disabledDate={(day: Dayjs) => day.isBefore(earliest, 'day')} />
        </Form.Item>
      </Form>
      <ReliefEffect office={view.office} input={lastDay ? { end: { relief: relief.id, last_day: lastDay.format('YYYY-MM-DD') } } : null} />
      {command.dialog}
    </Modal>
  );
}
