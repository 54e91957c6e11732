import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '../api/problem';
import { keys } from '../api/queries';
import type { EnrolmentView } from '../api/schema.gen';
import { SpeechProvider } from '../i18n';
import { useCommand, type CommandHeaders } from './command';
import { DRAFT } from './testing';

const enrolment = (version: number, change: Partial<EnrolmentView> = {}): EnrolmentView => ({ ...DRAFT, version, ...change });

const changed = () => new Refused({ type: '/problems/version-changed', title: '', status: 412, code: 'VERSION_CHANGED', detail: '内容已被他人更新，请刷新后重试' });

/** A form for the remark, on version 1; the server has moved on to `theirs`. */
function Form({ theirs, send, taken }: { theirs: EnrolmentView; send: (headers: CommandHeaders) => Promise<unknown>; taken: () => void }) {
  const command = useCommand<string>({
    seen: enrolment(1),
    basis: (view) => [{ label: '备注', value: view.remark }],
    mine: (value) => [{ label: '备注', value }],
    send: (_, headers) => send(headers),
    taken,
  });
  return (
    <>
      <button type="button" onClick={() => void command.run('我的备注')}>
        保存
      </button>
      {command.error && <p role="alert">{command.error.message}</p>}
      {command.dialog}
      <i>{theirs.version}</i>
    </>
  );
}

function show(theirs: EnrolmentView) {
  const sent: CommandHeaders[] = [];
  const send = vi.fn((headers: CommandHeaders) => {
    sent.push(headers);
    return headers['If-Match'] === `"${theirs.version}"` ? Promise.resolve({}) : Promise.reject(changed());
  });
  const taken = vi.fn();
  const client = new QueryClient();
  client.setQueryDefaults([...keys.enrolment('e-1'), 'view'], {});
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(theirs)));
  render(
    <QueryClientProvider client={client}>
      <SpeechProvider>
        <Form theirs={theirs} send={send} taken={taken} />
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return { sent, taken };
}

describe('a command on an enrolment that somebody else changed', () => {
  afterEach(cleanup);

  it('is sent again without a word when the change is about something else', async () => {
    const { sent } = show(enrolment(3));
    await userEvent.click(screen.getByText('保存'));
    await vi.waitFor(() => expect(sent.map((headers) => headers['If-Match'])).toEqual(['"1"', '"3"']), { timeout: 60_000 });
    expect(new Set(sent.map((headers) => headers['Idempotency-Key'])).size).toBe(1);
    expect(screen.queryByText('内容已被他人更新')).toBeNull();
  });

  it('shows both versions when they touch, and sends mine when told to', async () => {
    const { sent } = show(enrolment(3, { remark: '别人的备注' }));
    await userEvent.click(screen.getByText('保存'));
    expect(await screen.findByText('内容已被他人更新')).toBeTruthy();
    expect(screen.getByText('我的备注')).toBeTruthy();
    expect(screen.getByText('别人的备注')).toBeTruthy();
    expect(sent).toHaveLength(1);
    await userEvent.click(screen.getByText('仍按我的提交'));
    await vi.waitFor(() => expect(sent.map((headers) => headers['If-Match'])).toEqual(['"1"', '"3"']), { timeout: 60_000 });
  });

  it('takes theirs when told to', async () => {
    const { sent, taken } = show(enrolment(3, { remark: '别人的备注' }));
    await userEvent.click(screen.getByText('保存'));
    await userEvent.click(await screen.findByText('以现在的内容为准'));
    expect(taken).toHaveBeenCalledTimes(1);
    expect(sent).toHaveLength(1);
  });

  it('is not offered again when the enrolment has left the state', async () => {
    show(enrolment(3, { state: 'withdrawn', state_name: '已撤销' }));
    await userEvent.click(screen.getByText('保存'));
    expect(await screen.findByText(/不能再提交/)).toBeTruthy();
    expect(screen.queryByText('仍按我的提交')).toBeNull();
  });
});
