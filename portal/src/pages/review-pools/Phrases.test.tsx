import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SpeechProvider } from '../../i18n';
import { conflict, dialog } from '../../kit/testing';
import { Phrases } from './Phrases';

/** A server that keeps the phrases of an account, and the versions it was sent. */
let version: number;
let phrases: string[];
let matches: (string | null)[];

beforeEach(() => {
  version = 1;
  phrases = ['同意'];
  matches = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const ETag = `"${version}"`;
    if (request.method === 'GET') return Response.json({ phrases }, { headers: { ETag } });
    matches.push(request.headers.get('If-Match'));
    if (matches.at(-1) !== ETag) return Response.json({ type: '', title: '', status: 412, code: 'VERSION_CHANGED', detail: '内容已被他人更新', errors: [] }, { status: 412 });
    ({ phrases } = (await request.json()) as { phrases: string[] });
    version += 1;
    return Response.json({ phrases });
  });
});
afterEach(cleanup);

/** Opens the list, adds a phrase and saves it, after the list was changed in another window. */
async function addLate(phrase: string) {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SpeechProvider>
        <App>
          <Phrases use={() => undefined} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  await screen.findByText(/^同\s*意$/);
  await userEvent.click(screen.getByText('常用语'));
  const list = await dialog('常用语');
  await userEvent.click(list.getByText(/^添\s*加$/));
  await userEvent.type(list.getByLabelText('常用语2'), phrase);
  phrases = ['同意', '材料齐全'];
  version = 2;
  await userEvent.click(list.getByText(/^保\s*存$/));
  return conflict();
}

it('does not undo what was added elsewhere unseen', async () => {
  const both = await addLate('情况属实');
  expect(both.rows).toEqual([['常用语', '同意；情况属实', '同意；材料齐全']]);
  await userEvent.click(both.getByText('仍按我的提交'));
  expect(await screen.findByText('情况属实')).toBeTruthy();
  expect(matches).toEqual(['"1"', '"2"']);
  expect(phrases).toEqual(['同意', '情况属实']);
});

it('goes on from what was added elsewhere when told to', async () => {
  const both = await addLate('情况属实');
  await userEvent.click(both.getByText('以现在的内容为准'));
  const list = await dialog('常用语');
  await vi.waitFor(() => expect(list.getByLabelText<HTMLInputElement>('常用语2').value).toBe('材料齐全'));
  await userEvent.click(list.getByText(/^保\s*存$/));
  await vi.waitFor(() => expect(matches).toEqual(['"1"', '"2"']));
  expect(phrases).toEqual(['同意', '材料齐全']);
});
