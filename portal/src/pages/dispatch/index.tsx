/** 调度: a supervisor hands a task to another account, which may then read that enrolment wherever it lies. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Tabs, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { keys } from '../../api/queries';
import type { TaskView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT, type Key } from '../../i18n';
import { Listing } from '../../kit/listing';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Tag } from '../../kit/show';

const LEVELS: [string, Key][] = [
  ['first-review', '初审'],
  ['second-review', '复审'],
  ['final-review', '终审'],
  ['payment', '到账确认'],
  ['archive', '确认书归档'],
];

export default function Dispatch() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const level = LEVELS.some(([name]) => name === params.get('level')) ? (params.get('level') ?? '') : 'first-review';
  const [task, setTask] = useState<TaskView | null>(null);
  const columns: TableColumnsType<TaskView> = [
    { title: t('申请书号'), dataIndex: 'application_number', render: (number: string, row) => (row.enrolment ? <Link to={`/enrolment-query/${row.enrolment}`}>{number}</Link> : number) },
    { title: t('单位名称'), dataIndex: 'unit_name' },
    { title: t('进入时间'), dataIndex: 'queued_at', render: minute },
    { title: t('办理期限'), dataIndex: 'due_at', render: (due: string, row) => (row.overdue ? <Tag tone="bad">{minute(due)}</Tag> : minute(due)) },
    { title: t('处理人'), dataIndex: 'owner_name', render: (owner: string | null | undefined) => owner ?? '–' },
    {
      title: t('操作'),
      key: 'actions',
      fixed: 'right',
      render: (_, row) => (
        <Button type="link" size="small" onClick={() => setTask(row)}>
          {t('调度')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <h1>{t('调度')}</h1>
      <Tabs activeKey={level} onChange={(next) => setParams({ level: next })} items={LEVELS.map(([key, name]) => ({ key, label: t(name) }))} />
      <Listing<TaskView>
        caption={t('工作池')}
        name={[...keys.tasks, level, 'dispatch']}
        read={async ({ limit, cursor }, { application_number }) => {
          const query = { level, limit, ...(cursor ? { cursor } : {}), ...(application_number ? { application_number } : {}) };
          return (await answer(api.GET('/tasks', { params: { query } }))).tasks;
        }}
        fields={[{ name: 'application_number', label: t('申请书号') }]}
        columns={columns}
        rowKey="id"
        empty={{ title: t('没有待处理的任务') }}
      />
      {task && <Hand task={task} close={() => setTask(null)} />}
    </>
  );
}

function Hand({ task, close }: { task: TaskView; close: () => void }) {
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
      await queries.invalidateQueries({ queryKey: keys.tasks });
    },
  );
  return (
    <Modal open title={t('调度{number}', { number: task.application_number })} okText={t('调度')} okButtonProps={{ loading: send.pending }} onOk={() => form.submit()} onCancel={close}>
      <ProblemAlert error={send.error} faults={[]} />
      <Form form={form} layout="vertical" onFinish={(values) => void send.run({ account: values.account.trim() })}>
        <Form.Item name="account" label={t('接办人的用户名')} rules={[{ required: true, whitespace: true, message: t('请填写接办人的用户名') }]}>
          <Input autoComplete="off" autoFocus />
        </Form.Item>
      </Form>
    </Modal>
  );
}
