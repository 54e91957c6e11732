/** 修改账号: name, mobile number, place and roles, sent as a whole. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useState } from 'react';
import { account as accountQuery, administration } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { ManagedAccount } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useVersioned } from '../../kit/versioned';
import { AccountFields, placeAccountFaults, type AccountValues } from './AccountFields';
import { accountLines, type Known } from './lines';

const valuesOf = ({ name, node, roles }: ManagedAccount): AccountValues => ({ name, node, roles });

export function Change({ view, known, close }: { view: ManagedAccount; known: Known; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<AccountValues>();
  const [opened, setOpened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const { id, mobile = null, unit } = opened;
  const command = useVersioned<ManagedAccount, AccountValues>({
    seen: opened,
    read: () => queries.query({ ...accountQuery(id), staleTime: 0 }),
    basis: (body) => accountLines(body, body.mobile ?? '', known, t),
    mine: (values) => accountLines(values, values.mobile || (mobile ?? ''), known, t),
    send: async ({ name, node, roles, mobile: typed }, header) => {
      try {
        return await answer(api.PUT('/accounts/{account}', { params: { path: { account: id }, header }, body: { name, node, roles, ...(typed ? { mobile: typed } : {}) } }));
      } catch (error) {
        placeAccountFaults(form, error);
        throw error;
      }
    },
    said: t('您打开本页之后，有人更新了账号。请比较后决定。'),
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: administration.account(id) }), queries.invalidateQueries({ queryKey: administration.accounts })]),
    taken: (theirs) => {
      setOpened(theirs);
      form.setFieldsValue({ ...valuesOf(theirs), mobile: '' });
      setDirty(false);
    },
    done: () => {
      message.success(t('已保存'));
      setDirty(false);
      close();
    },
  });
  return (
    <>
      <h2>{t('修改账号')}</h2>
      <ProblemAlert error={command.error} />
      <Form form={form} layout="vertical" initialValues={valuesOf(opened)} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)} scrollToFirstError={{ focus: true }}>
        <AccountFields nodes={known.nodes} roles={known.roles} ofUnit={Boolean(unit)} mobile={mobile} />
        <p className="quiet">{t('角色的变化在十五分钟内生效。')}</p>
        <div className="form-foot">
          <Button onClick={close}>{t('取消')}</Button>
          <Button type="primary" htmlType="submit" disabled={!dirty} loading={command.pending}>
            {t('保存')}
          </Button>
        </div>
      </Form>
      {command.dialog}
      {guard}
    </>
  );
}
