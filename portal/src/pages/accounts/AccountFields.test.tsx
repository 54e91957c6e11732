import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Form } from 'antd';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '../../api/problem';
import { keys } from '../../api/queries';
import type { NodeView, RoleView } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { AccountFields, placeAccountFaults, type AccountValues } from './AccountFields';

const NODES: NodeView[] = [{ id: '2602', kind: 'office', name: '陕西省办事处', path: '/hq/2602/', version: 1 }];
const role = (name: string, chinese: string, more: Partial<RoleView> = {}): RoleView => ({ role: name, name: chinese, permissions: [], for_units: false, grantable_here: true, ...more });
const ROLES = [role('finance', '财务'), role('auditor', '审计员', { grantable_here: false }), role('unit-handler', '单位经办人', { for_units: true })];

function show({ mobile, ofUnit = false, submit = vi.fn(), error }: { mobile?: string | null; ofUnit?: boolean; submit?: (values: AccountValues) => void; error?: Refused }) {
  const client = new QueryClient();
  client.setQueryData(keys.me, { id: 'a', name: '唐管理', node: '/hq/2602/', permissions: [], roles: [], user_name: 'tangguanli' });
  function Page() {
    const [form] = Form.useForm<AccountValues>();
    return (
      <Form form={form} layout="vertical" initialValues={{ node: '/hq/2602/' }} onFinish={submit}>
        <AccountFields nodes={NODES} roles={ROLES} ofUnit={ofUnit} {...(mobile === undefined ? {} : { mobile })} />
        <button type="submit">保存</button>
        {error && <button type="button" onClick={() => placeAccountFaults(form, error)}>退回</button>}
      </Form>
    );
  }
  render(
    <QueryClientProvider client={client}>
      <SpeechProvider>
        <Page />
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return submit;
}

describe('the fields of an account', () => {
  afterEach(cleanup);

  it('asks a new one for everything, and judges numbers and names', async () => {
    const submit = show({});
    await userEvent.type(screen.getByLabelText('手机号码'), '1380000');
    await userEvent.type(screen.getByLabelText('用户名'), '1abc');
    await userEvent.click(screen.getByText('保存'));
    for (const said of ['请填写姓名', '手机号码应为11位数字，以1开头', '用户名应为3至40位小写字母和数字，以字母开头', '请至少选择一个角色']) expect(await screen.findByText(said)).toBeTruthy();
    expect(submit).not.toHaveBeenCalled();
  });

  it('keeps the number there is when none is typed', async () => {
    const submit = show({ mobile: '138****5678' });
    expect(screen.getByText('现为138****5678，不填则不变')).toBeTruthy();
    await userEvent.type(screen.getByLabelText('姓名'), '张三');
    await userEvent.click(screen.getByLabelText('角色'));
    await userEvent.click(await screen.findByText('财务'));
    await userEvent.click(screen.getByText('保存'));
    await vi.waitFor(() => expect(submit).toHaveBeenCalledTimes(1), { timeout: 60_000 });
  });

  it('offers no role that is granted from above, and no role of units', async () => {
    show({ mobile: null });
    await userEvent.click(screen.getByLabelText('角色'));
    const auditor = await screen.findByText('审计员（由上级授予）');
    expect(auditor.closest('.ant-select-item-option-disabled')).toBeTruthy();
    expect(screen.queryByText('单位经办人')).toBeNull();
  });

  it('puts what is wrong with one role beside the roles', async () => {
    const errors = [{ pointer: '/roles/1', code: 'ROLE_TWICE', detail: '角色重复' }];
    show({ mobile: null, error: new Refused({ type: '', title: '', status: 422, code: 'INVALID', detail: '', errors }) });
    await userEvent.click(screen.getByText('退回'));
    expect((await screen.findByText('角色重复')).closest('.ant-form-item')).toBeTruthy();
  });
});
