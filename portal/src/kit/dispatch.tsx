/** Handing a task to another account, who may then read what it is about wherever it lies. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Modal } from 'antd';
import { nodes as nodesQuery } from '../api/administration';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import { keys } from '../api/queries';
import type { TaskView } from '../api/schema.gen';
import { useT, type Key } from '../i18n';
import { useClosing } from './guard';
import { Lookup, SHOWN } from './lookup';
import { placeName } from './nodes';
import { ProblemAlert, placeFaults } from './problem';
import { useSend } from './send';

/** Each pool with its name and the role that works it. */
export const LEVELS: { level: string; name: Key; role: string }[] = [
  { level: 'registration', name: '注册审核', role: 'registrar' },
  { level: 'first-review', name: '初审', role: 'enrolment-first-reviewer' },
  { level: 'second-review', name: '复审', role: 'enrolment-second-reviewer' },
  { level: 'final-review', name: '终审', role: 'enrolment-final-reviewer' },
  { level: 'payment', name: '到账确认', role: 'finance' },
  { level: 'archive', name: '确认书归档', role: 'archivist' },
];

export function Hand({ task, level, close }: { task: Pick<TaskView, 'id' | 'application_number' | 'owner_name' | 'enrolment'>; level: string; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<{ account: string }>();
  const send = useSend(
    async (body: { account: string }, key) => {
      try {
        return await answer(api.POST('/tasks/{task}/dispatch', { params: { path: { task: task.id }, header: { 'Idempotency-Key': key } }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['account']));
        throw error;
      }
    },
    async () => {
      message.success(t('已调度'));
      close();
      // Its trail says so, too.
      if (task.enrolment) void queries.invalidateQueries({ queryKey: keys.enrolment(task.enrolment) });
      await queries.invalidateQueries({ queryKey: keys.tasks });
    },
  );
  return (
    <Modal open title={t('调度{number}', { number: task.application_number })} okText={t('调度')} okButtonProps={{ loading: send.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      {task.owner_name && <p>{t('现在由{name}处理。', { name: task.owner_name })}</p>}
      <ProblemAlert error={send.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={(values) => void send.run(values)}>
        <Form.Item name="account" label={t('接办人')} extra={t('只列出能办理此环节的账号。')} rules={[{ required: true, message: t('请选择{what}', { what: t('接办人') }) }]}>
          <CandidateSelect role={LEVELS.find((one) => one.level === level)?.role ?? ''} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Who holds the role, by a part of the name or the beginning of the user name. */
function CandidateSelect({ id, role, value, onChange }: { id?: string; role: string; value?: string; onChange?: (account: string | undefined) => void }) {
  const t = useT();
  const nodes = useQuery(nodesQuery);
  return (
    <Lookup
      {...(id ? { id } : {})}
      value={value}
      autoFocus
      name={['dispatch-candidates', role]}
      find={async (asked) => (await answer(api.GET('/dispatch-candidates', { params: { query: { role, limit: SHOWN, ...(asked ? { name: asked } : {}) } } }))).items}
      choice={(one) => ({ value: one.id, label: one.name, note: placeName(nodes.data ?? [], one.node) })}
      placeholder={t('输入姓名或用户名查找')}
      nothing={t('没有能办理此环节的账号')}
      onChange={(account) => onChange?.(account)}
    />
  );
}
