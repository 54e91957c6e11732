/** Handing a task to another account, who may then read what it is about wherever it lies. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import { keys } from '../api/queries';
import type { TaskView } from '../api/schema.gen';
import { useT, type Key } from '../i18n';
import { ProblemAlert, placeFaults } from './problem';
import { useSend } from './send';
import { useSettled } from './settled';

/** Each pool with its name and the role that works it. */
export const LEVELS: { level: string; name: Key; role: string }[] = [
  { level: 'registration', name: '注册审核', role: 'registrar' },
  { level: 'first-review', name: '初审', role: 'enrolment-first-reviewer' },
  { level: 'second-review', name: '复审', role: 'enrolment-second-reviewer' },
  { level: 'final-review', name: '终审', role: 'enrolment-final-reviewer' },
  { level: 'payment', name: '到账确认', role: 'finance' },
  { level: 'archive', name: '确认书归档', role: 'archivist' },
];
/** Candidates of one request. */
const SHOWN = 50;

export function Hand({ task, level, close }: { task: Pick<TaskView, 'id' | 'application_number' | 'owner_name' | 'enrolment'>; level: string; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
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
    <Modal open title={t('调度{number}', { number: task.application_number })} okText={t('调度')} okButtonProps={{ loading: send.pending }} onOk={() => form.submit()} onCancel={close}>
      {task.owner_name && <p>{t('现在由{name}处理。', { name: task.owner_name })}</p>}
      <ProblemAlert error={send.error} faults={[]} />
      <Form form={form} layout="vertical" onFinish={(values) => void send.run(values)}>
        <Form.Item name="account" label={t('接办人')} extra={t('只列出能办理此环节的账号。')} rules={[{ required: true, message: t('请选择{what}', { what: t('接办人') }) }]}>
          <CandidateSelect role={LEVELS.find((one) => one.level === level)?.role ?? ''} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** Who holds the role, by a part of the name or the beginning of the user name. */
function CandidateSelect({ id, role, value, onChange }: { id?: string; role: string; value?: string; onChange?: (account: string) => void }) {
  const t = useT();
  const [text, setText] = useState('');
  const asked = useSettled(text.trim());
  const query = useQuery({
    queryKey: ['dispatch-candidates', role, asked],
    queryFn: () => answer(api.GET('/dispatch-candidates', { params: { query: { role, limit: SHOWN, ...(asked ? { name: asked } : {}) } } })),
    placeholderData: keepPreviousData,
  });
  const nodes = useQuery({ queryKey: ['nodes'], queryFn: () => answer(api.GET('/nodes')), staleTime: 300_000 });
  const place = (path: string) => nodes.data?.find((node) => node.path === path)?.name ?? '';
  return (
    <>
      <Select
        {...(id ? { id } : {})}
        value={value ?? null}
        autoFocus
        showSearch={{ filterOption: false, onSearch: setText }}
        placeholder={t('输入姓名或用户名查找')}
        loading={query.isFetching}
        notFoundContent={query.isFetching ? t('正在加载') : t('没有能办理此环节的账号')}
        options={(query.data?.items ?? []).map((one) => ({ value: one.id, label: one.name, place: place(one.node) }))}
        optionRender={({ label, data }) => (
          <span>
            {label} <span className="quiet">{data.place}</span>
          </span>
        )}
        onChange={(account: string | null) => account && onChange?.(account)}
      />
      <ProblemAlert error={query.error} />
    </>
  );
}
