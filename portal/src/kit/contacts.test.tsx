import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ManagedUnit } from '../api/schema.gen';
import { SpeechProvider } from '../i18n';
import { Contacts } from './contacts';

const view: ManagedUnit = {
  id: 'u-1',
  facts: { name: '第一机械厂' },
  agency: '/hq/2602/2602-3/',
  handler: 'a-1',
  contacts: [
    { account: 'a-1', name: '张三', position: '', mobile: '138****0001', active: true, handler: true },
    { account: 'a-2', name: '李四', position: '干事', mobile: '138****0002', active: true, handler: false },
  ],
  has_images: false,
  active: true,
  restricted: false,
  classified: false,
  moving: false,
  version: 3,
};

interface Asked {
  method: string;
  path: string;
  match: string | null;
  body: unknown;
}

/** Shows the contacts; answers what was asked of the server, which answers with `answers` in turn. */
function show(...answers: Response[]): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const body: unknown = request.method === 'GET' ? undefined : await request.clone().json();
    asked.push({ method: request.method, path: new URL(request.url).pathname, match: request.headers.get('If-Match'), body });
    return answers.shift() ?? Response.json(view);
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <App>
          <Contacts view={view} editable />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return asked;
}

describe('contacts of a unit', () => {
  afterEach(cleanup);

  it('does not offer to disable the handler', () => {
    show();
    const [handler, other] = ['张三', '李四'].map((name) => screen.getByText(name).closest('tr'));
    expect(within(handler as HTMLElement).queryByText('停用')).toBeNull();
    expect(within(other as HTMLElement).getByText('停用')).toBeTruthy();
  });

  it('asks for what is missing before anything is sent', async () => {
    const asked = show();
    await userEvent.click(screen.getByText('新增联系人'));
    await userEvent.click(await screen.findByRole('button', { name: /保\s*存/ }));
    expect(await screen.findByText('请填写姓名')).toBeTruthy();
    for (const label of ['手机号码', '电子邮箱', '办公电话区号', '办公电话号码']) expect(screen.getByText(`请填写${label}`)).toBeTruthy();
    expect(screen.queryByText('请填写职务')).toBeNull();
    expect(asked).toEqual([]);
  });

  it("puts the server's reasons beside their fields, those of a whole number too", async () => {
    const problem = {
      type: '/problems/invalid',
      title: '',
      status: 422,
      code: 'INVALID',
      detail: '请更正',
      errors: [
        { pointer: '/mobile', code: 'PHONE_FORMAT', detail: '手机号码应为11位数字' },
        { pointer: '/office_phone', code: 'OFFICE_PHONE_FORMAT', detail: '办公电话格式不正确' },
      ],
    };
    const asked = show(Response.json(problem, { status: 422 }));
    await userEvent.click(screen.getByText('新增联系人'));
    for (const [label, value] of [
      ['姓名', '王五'],
      ['手机号码', '123'],
      ['电子邮箱', 'w@example.com'],
      ['办公电话区号', '0917'],
      ['办公电话号码', 'x'],
    ] as const) {
      await userEvent.click(screen.getByLabelText(label));
      await userEvent.paste(value);
    }
    await userEvent.click(screen.getByRole('button', { name: /保\s*存/ }));
    expect(await screen.findByText('手机号码应为11位数字')).toBeTruthy();
    expect(screen.getByText('办公电话格式不正确')).toBeTruthy();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/api/units/u-1/contacts', match: '"3"' });
    expect(screen.getByLabelText<HTMLInputElement>('姓名').value).toBe('王五');
  });
});
