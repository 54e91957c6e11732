import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { userEvent as events } from '@testing-library/user-event';
import { App } from 'antd';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemberCorrection, RemovalInput, SearchInput } from '../api/schema.gen';
import { SpeechProvider } from '../i18n';
import type { Member } from './member';
import { Members } from './members';
import { DRAFT, conflict, dialog, member } from './testing';

type Command = { match: string | null } & Partial<MemberCorrection & RemovalInput>;

/** A server that keeps the roster of one draft, and what it was sent. */
let version: number;
let roster: Member[];
let sent: Command[];

/** Somebody else changes the enrolment. */
function meanwhile(change: (members: Member[]) => Member[]) {
  version += 1;
  roster = change(roster);
}

async function answerTo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const body: unknown = await request.clone().json();
  const headers = { ETag: `"${version}"` };
  if (pathname.endsWith('/search')) {
    const { entries } = body as SearchInput;
    const items = roster.filter(({ entry }) => entries?.includes(entry) ?? true).map((each, place) => ({ ...each, place }));
    return Response.json({ members: { items }, total: items.length }, { headers });
  }
  const command: Command = { ...(body as object), match: request.headers.get('If-Match') };
  sent.push(command);
  if (command.match !== headers.ETag) {
    return Response.json({ type: '/problems/version-changed', title: '', status: 412, code: 'VERSION_CHANGED', detail: '内容已被他人更新，请刷新后重试', errors: [] }, { status: 412 });
  }
  meanwhile((members) => members.filter(({ entry }) => !command.entries?.includes(entry)));
  return Response.json({ id: 'e-1', version });
}

beforeEach(() => {
  version = 1;
  roster = [member(2, '张三'), member(3, '李四'), member(4, '王小五')];
  sent = [];
  vi.stubGlobal('fetch', answerTo);
});
afterEach(cleanup);

function show() {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SpeechProvider>
        <App>
          <MemoryRouter>
            <Members enrolment={DRAFT} plan="hospital-a" editable />
          </MemoryRouter>
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
}

const rowOf = async (name: string) => within((await screen.findByText(name)).closest('tr') as HTMLElement);
const matches = () => sent.map(({ match }) => match);

// Whether something can be clicked is for the browser's tests; finding it out takes long here.
const userEvent = events.setup({ pointerEventsCheck: 0 });

describe('a member who is corrected', () => {
  /** Opens the form of 李四 and types another name. */
  async function rename() {
    show();
    await userEvent.click((await rowOf('李四')).getByText(/修\s*改/));
    const form = await dialog('修改人员：李四');
    await userEvent.clear(form.getByLabelText('姓名'));
    await userEvent.type(form.getByLabelText('姓名'), '李斯');
    return form;
  }
  const save = async (form: Awaited<ReturnType<typeof rename>>) => userEvent.click(form.getByText(/^保\s*存$/));

  it('is corrected without a word when only others were, wherever they stand now', async () => {
    const form = await rename();
    meanwhile(([, ...others]) => others);
    await save(form);
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual({ match: '"2"', plan: 'hospital-a', entry: 'u1.3', name: '李斯' });
    expect(screen.queryByText('内容已被他人更新')).toBeNull();
  });

  it('is shown in both versions when somebody else corrected them, and sent as typed when told to', async () => {
    const form = await rename();
    meanwhile((members) => members.map((each) => (each.row === 3 ? { ...each, shares: 2, occupation: 'high-risk', mobile: '138****1111' } : each)));
    await save(form);
    const both = await conflict();
    expect(both.rows).toEqual([
      ['姓名', '李斯', '李四'],
      ['身份证号码', '370202198511304563', '370202198511304563'],
      ['手机号码', '不改', '138****1111'],
      ['职业', '一般职业', '高危职业'],
      ['份数', '1份', '2份'],
    ]);
    expect(sent).toHaveLength(1);
    await userEvent.click(both.getByText('仍按我的提交'));
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1], 'what the form shows, and no number').toEqual({ match: '"2"', plan: 'hospital-a', entry: 'u1.3', name: '李斯', occupation: 'ordinary', shares: 1 });
  });

  it('says so when a number was corrected where the mask hides it', async () => {
    const form = await rename();
    meanwhile((members) => members.map((each) => (each.row === 3 ? { ...each, numbers_tag: 'another' } : each)));
    await save(form);
    expect((await conflict()).rows).toContainEqual(['号码中隐藏的部分', '–', '已被更正']);
  });

  it('takes what somebody else wrote when told to, and goes on from there', async () => {
    const form = await rename();
    meanwhile((members) => members.map((each) => (each.row === 3 ? { ...each, name: '李肆', shares: 2 } : each)));
    await save(form);
    await userEvent.click((await conflict()).getByText('以现在的内容为准'));
    const again = await dialog('修改人员：李肆');
    expect(again.getByLabelText<HTMLInputElement>('姓名').value).toBe('李肆');
    await userEvent.type(again.getByLabelText('手机号码'), '13900000001');
    await save(again);
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual({ match: '"2"', plan: 'hospital-a', entry: 'u1.3', mobile: '13900000001' });
  });

  it('is not offered again once removed', async () => {
    const form = await rename();
    meanwhile((members) => members.filter(({ row }) => row !== 3));
    await save(form);
    const both = await conflict();
    expect(both.getByText('这名人员已被移出清单，不能再修改。')).toBeTruthy();
    expect(both.queryByText('仍按我的提交')).toBeNull();
    await userEvent.click(both.getByText('以现在的内容为准'));
    await vi.waitFor(() => expect(screen.queryByText(/修改人员/)).toBeNull());
  });
});

describe('members who are removed', () => {
  /** Chooses 张三 and 李四. */
  async function choose() {
    show();
    for (const name of ['张三', '李四']) await userEvent.click((await rowOf(name)).getByLabelText('选择此行'));
  }
  async function remove() {
    await userEvent.click(screen.getByText('移除（2）'));
    await userEvent.click(await screen.findByText('OK'));
  }

  it('are removed by who they are, though places have moved', async () => {
    await choose();
    meanwhile((members) => [member(9, '赵六'), ...members]);
    await remove();
    await vi.waitFor(() => expect(matches()).toEqual(['"1"', '"2"']));
    expect(sent[1]?.entries).toEqual(['u1.2', 'u1.3']);
    expect((await rowOf('赵六')).getByText('赵六')).toBeTruthy();
    await vi.waitFor(() => expect(screen.queryByText('张三')).toBeNull());
  });

  it('are shown in both versions when somebody else removed one and corrected another, and those who are left are removed', async () => {
    await choose();
    meanwhile((members) => members.filter(({ row }) => row !== 2).map((each) => (each.row === 3 ? { ...each, name: '李肆' } : each)));
    await remove();
    const both = await conflict();
    const rest = '138****0000，一般职业，1份';
    expect(both.rows).toEqual([
      ['1 张三', `张三，370202198511304562，${rest}`, '–'],
      ['2 李四', `李四，370202198511304563，${rest}`, `李肆，370202198511304563，${rest}`],
    ]);
    await userEvent.click(both.getByText('仍按我的提交'));
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual({ match: '"2"', plan: 'hospital-a', entries: ['u1.3'] });
  });

  it('are not asked about again when all are gone', async () => {
    await choose();
    meanwhile((members) => members.filter(({ row }) => row > 3));
    await remove();
    const both = await conflict();
    expect(both.getByText('所选人员都已被他人移除。')).toBeTruthy();
    expect(both.queryByText('仍按我的提交')).toBeNull();
    await userEvent.click(both.getByText('以现在的内容为准'));
    expect(await screen.findByText('移除（0）')).toBeTruthy();
  });
});
