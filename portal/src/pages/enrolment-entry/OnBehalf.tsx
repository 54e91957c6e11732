/** 代单位录入: an office opens an enrolment for one of its units. */
import { useQueryClient } from '@tanstack/react-query';
import { Form, Modal } from 'antd';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { keys } from '../../api/queries';
import type { ManagedUnitRow } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { UnitSelect } from '../../kit/UnitSelect';
import { useClosing } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';

const enrols = ({ active, restricted, merged_into }: ManagedUnitRow) => active && !restricted && !merged_into;

export function OnBehalf({ close }: { close: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ unit: string }>();
  const closing = useClosing();
  const create = useSend(
    async (body: { unit: string }, key) => {
      try {
        return await answer(api.POST('/enrolments', { params: { header: { 'Idempotency-Key': key } }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['unit']));
        throw error;
      }
    },
    async ({ id }) => {
      void queries.invalidateQueries({ queryKey: keys.enrolments });
      await navigate(`/enrolment-entry/${id}`);
    },
  );
  return (
    <Modal open title={t('代单位新建参保录入')} okText={t('新建')} okButtonProps={{ loading: create.pending }} onOk={() => form.submit()} onCancel={() => closing.leave(close)}>
      <ProblemAlert error={create.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={(_, { unit }) => closing.touched(Boolean(unit))} onFinish={(values) => void create.run(values)}>
        <Form.Item name="unit" label={t('单位')} extra={t('停用、限制参保和已合并的单位不能选择。')} rules={[{ required: true, message: t('请选择{what}', { what: t('单位') }) }]}>
          <UnitSelect choosable={enrols} autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
