/** A node's name: another one, and that of a new agency. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useSearchParams } from 'react-router';
import { administration, nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { NameInput, NodeView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { useVersioned } from '../../kit/versioned';

function NameField() {
  const t = useT();
  return (
    <Form.Item name="name" label={t('名称')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('名称') }) }]}>
      <Input autoComplete="off" maxLength={50} showCount autoFocus />
    </Form.Item>
  );
}

export function Rename({ node, close }: { node: NodeView; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<NameInput>();
  const command = useVersioned<NodeView, NameInput>({
    seen: node,
    read: async () => {
      const all = await queries.query({ ...nodesQuery, staleTime: 0 });
      return all.find(({ id }) => id === node.id) ?? node;
    },
    basis: ({ name }) => [{ label: t('名称'), value: name }],
    mine: ({ name }) => [{ label: t('名称'), value: name }],
    said: t('您打开本页之后，有人修改了名称。请比较后决定。'),
    send: async (body, header) => {
      try {
        return await answer(api.PUT('/nodes/{node}', { params: { path: { node: node.id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['name']));
        throw error;
      }
    },
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: administration.nodes }), queries.invalidateQueries({ queryKey: administration.node(node.id) })]),
    taken: ({ name }) => form.setFieldsValue({ name }),
    done: () => {
      message.success(t('已保存'));
      close();
    },
  });
  return (
    <Modal open title={t('修改名称')} okText={t('保存')} okButtonProps={{ loading: command.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ name: node.name }} onValuesChange={() => touched(true)} onFinish={(values) => void command.run(values)}>
        <NameField />
      </Form>
      {command.dialog}
    </Modal>
  );
}

export function AddAgency({ parent, close }: { parent: NodeView; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [, setParams] = useSearchParams();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<NameInput>();
  const send = useSend(
    async ({ name }: NameInput, key) => {
      try {
        return await answer(api.POST('/nodes', { params: { header: { 'Idempotency-Key': key } }, body: { parent: parent.id, name } }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['name']));
        throw error;
      }
    },
    async ({ id }) => {
      message.success(t('已保存'));
      await queries.invalidateQueries({ queryKey: administration.nodes });
      close();
      setParams({ node: id });
    },
  );
  return (
    <Modal open title={t('在{parent}下新增代办处', { parent: parent.name })} okText={t('保存')} okButtonProps={{ loading: send.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <ProblemAlert error={send.error} faults={send.error instanceof Refused ? send.error.faults.filter(({ pointer }) => pointer !== '/name') : []} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={(values) => void send.run(values)}>
        <NameField />
      </Form>
    </Modal>
  );
}
