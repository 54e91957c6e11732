import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RowInput } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { DRAFT, conflict } from '../../kit/testing';
import { FailedRows } from './FailedRows';
import type { Row } from './RowGrid';

const row = (row_number: number, name: string): Row => ({
  row_number,
  name,
  id_number: `37020219851130456${row_number}`,
  mobile: '',
  occupation: '',
  shares: [],
  reasons: [{ cell: 'id_number', code: 'ID_CHECK_DIGIT', text: '最后一位不符' }],
});

/** A server that keeps the failed rows of one batch; a row whose name ends with 好 passes. */
let version: number;
let failed: Row[];
let sent: { match: string | null; rows: RowInput[] }[];
let read: string[];

function meanwhile(change: (rows: Row[]) => Row[]) {
  version += 1;
  failed = change(failed);
}

const problem = (status: number, code: string) => Response.json({ type: '', title: '', status, code, detail: code, errors: [] }, { status });

async function answerTo(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const ETag = `"${version}"`;
  if (pathname.endsWith('/failed-rows')) {
    if (failed.length === 0) return problem(404, 'NOT_FOUND');
    const only = searchParams.get('rows')?.split(',').map(Number);
    read.push(searchParams.get('rows') ?? 'all');
    const items = failed.filter(({ row_number }) => only?.includes(row_number) ?? true);
    return Response.json({ share_columns: [], total: items.length, rows: { items } }, { headers: { ETag } });
  }
  if (request.method === 'GET') return Response.json({ ...DRAFT, version });
  const { rows } = (await request.json()) as { rows: RowInput[] };
  const match = request.headers.get('If-Match');
  sent.push({ match, rows });
  if (match !== ETag) return problem(412, 'VERSION_CHANGED');
  const values = new Map(rows.map((each) => [each.row_number, each]));
  const again = failed.map((each) => ({ ...each, ...values.get(each.row_number) }));
  meanwhile(() => again.filter(({ name }) => !name.endsWith('好')));
  const still = failed.filter(({ row_number }) => values.has(row_number));
  return Response.json({ id: 'e-1', version, accepted: rows.length - still.length, remaining: failed.length, failed: still });
}

const close = vi.fn();

beforeEach(() => {
  version = 7;
  failed = [row(2, '张三'), row(3, '李四'), row(4, '王小五')];
  sent = [];
  read = [];
  close.mockClear();
  vi.stubGlobal('fetch', answerTo);
});
afterEach(cleanup);

/** Shows the rows, and types a name into those of these numbers. */
async function type(names: Record<number, string>) {
  const grid = <FailedRows view={{ ...DRAFT, version: 7 }} upload="u-1" close={close} touched={() => undefined} />;
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SpeechProvider>
        <App>
          <RouterProvider router={createMemoryRouter([{ path: '/', element: grid }])} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  await write(names);
}

async function write(names: Record<number, string>) {
  for (const [number, name] of Object.entries(names)) {
    const cell = await screen.findByLabelText(`第${number}行姓名`);
    await userEvent.clear(cell);
    await userEvent.type(cell, name);
  }
}

const submit = async (count: number) => userEvent.click(screen.getByText(`提交已修改的${count}行`));

it('goes on from its own corrections without reading again', async () => {
  await type({ 2: '张好' });
  await submit(1);
  await vi.waitFor(() => expect(screen.queryByLabelText('第2行姓名')).toBeNull());
  await write({ 3: '李好' });
  await submit(1);
  await vi.waitFor(() => expect(sent.map(({ match }) => match)).toEqual(['"7"', '"8"']));
  expect(read).toEqual(['all']);
});

it('sends them again without a word when nobody touched these rows', async () => {
  await type({ 2: '张好' });
  meanwhile((rows) => rows.filter(({ row_number }) => row_number !== 4));
  await submit(1);
  await vi.waitFor(() => expect(sent.map(({ match }) => match)).toEqual(['"7"', '"8"']));
  expect(read, 'only these rows: each reading leaves an entry in the trail').toEqual(['all', '2']);
  expect(screen.queryByText('内容已被他人更新')).toBeNull();
});

it('shows both versions of rows that somebody else corrected, and sends those still failed when told to', async () => {
  await type({ 2: '张好', 3: '李好' });
  meanwhile((rows) => rows.filter(({ row_number }) => row_number !== 2).map((each) => (each.row_number === 3 ? { ...each, name: '李肆' } : each)));
  await submit(2);
  const both = await conflict();
  expect(both.rows).toEqual([
    ['第2行', '张好，370202198511304562，–，–', '–'],
    ['第3行', '李好，370202198511304563，–，–', '李肆，370202198511304563，–，–'],
  ]);
  await userEvent.click(both.getByText('仍按我的提交'));
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]).toMatchObject({ match: '"8"', rows: [{ row_number: 3, name: '李好' }] });
  await vi.waitFor(() => expect(screen.queryByLabelText('第2行姓名')).toBeNull());
});

it('compares other rows afresh after a decision that could not be carried out', async () => {
  await type({ 3: '李好' });
  meanwhile((rows) => rows.map((each) => ({ ...each, name: `${each.name}一` })));
  await submit(1);
  const both = await conflict();
  vi.stubGlobal('fetch', (request: Request) => (request.method === 'POST' ? problem(503, 'UNAVAILABLE') : answerTo(request)));
  await userEvent.click(both.getByText('仍按我的提交'));
  expect(await screen.findByText('UNAVAILABLE')).toBeTruthy();
  vi.stubGlobal('fetch', answerTo);
  await write({ 2: '张好' });
  await submit(2);
  expect((await conflict()).rows.map(([label]) => label)).toEqual(['第2行', '第3行']);
});

it('reads them again when the other version is taken', async () => {
  await type({ 3: '李好' });
  meanwhile((rows) => rows.map((each) => (each.row_number === 3 ? { ...each, name: '李肆' } : each)));
  await submit(1);
  await userEvent.click((await conflict()).getByText('以现在的内容为准'));
  await vi.waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('第3行姓名').value).toBe('李肆'));
  expect(sent).toHaveLength(1);
});

it('says so when somebody else has corrected the last of them', async () => {
  await type({ 2: '张好' });
  meanwhile(() => []);
  await submit(1);
  const both = await conflict();
  expect(both.getByText('这些行已由他人更正，都已加入清单。')).toBeTruthy();
  expect(both.queryByText('仍按我的提交')).toBeNull();
  await userEvent.click(both.getByText('以现在的内容为准'));
  await vi.waitFor(() => expect(close).toHaveBeenCalled());
});
