/** 停用, 启用 and 重置动态口令, each with its reason. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { account as accountQuery, administration } from '../../api/administration';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { ManagedAccount, ReasonInput } from '../../api/schema.gen';
import { useT, type Key } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useVersioned, type CommandHeaders } from '../../kit/versioned';
import { standingLines, type Known } from './lines';

export type Command = 'closing' | 'reopening' | 'totp-reset';

const WORDS: Record<Command, { ask: Key; hint: Key; ok: Key; done: Key; danger: boolean }> = {
  closing: { ask: '停用账号{name}', hint: '停用后立即退出登录，不能再登录。', ok: '停用', done: '已停用', danger: true },
  reopening: { ask: '启用账号{name}', hint: '启用后可用原来的密码登录。', ok: '启用', done: '已启用', danger: false },
  'totp-reset': { ask: '重置账号{name}的动态口令', hint: '重置后立即退出登录，下次登录不再要求动态口令，请尽快重新绑定。', ok: '重置', done: '动态口令已重置', danger: true },
};

function send(command: Command, account: string, header: CommandHeaders, body: ReasonInput) {
  const init = { params: { path: { account }, header }, body };
  if (command === 'closing') return answer(api.POST('/accounts/{account}/closing', init));
  if (command === 'reopening') return answer(api.POST('/accounts/{account}/reopening', init));
  return answer(api.POST('/accounts/{account}/totp-reset', init));
}

export function Reason({ command, view, known, close }: { command: Command; view: ManagedAccount; known: Known; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<ReasonInput>();
  const words = WORDS[command];
  const { id, user_name } = view;
  const change = useVersioned<ManagedAccount, ReasonInput>({
    seen: view,
    read: () => queries.query({ ...accountQuery(id), staleTime: 0 }),
    basis: (body) => standingLines(body, known, t),
    send: async (body, header) => {
      try {
        return await send(command, id, header, body);
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['reason']));
        throw error;
      }
    },
    said: t('您打开本页之后，有人更新了账号。请比较后决定。'),
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: administration.account(id) }), queries.invalidateQueries({ queryKey: administration.accounts })]),
    taken: close,
    done: () => {
      message.success(t(words.done));
      close();
    },
  });
  return (
    <Modal open title={t(words.ask, { name: user_name })} okText={t(words.ok)} okButtonProps={{ danger: words.danger, loading: change.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <p>{t(words.hint)}</p>
      <ProblemAlert error={change.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={(values) => void change.run(values)}>
        <Form.Item name="reason" label={t('原因')} rules={[{ required: true, whitespace: true, message: t('请填写原因') }]}>
          <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
        </Form.Item>
      </Form>
      {change.dialog}
    </Modal>
  );
}
