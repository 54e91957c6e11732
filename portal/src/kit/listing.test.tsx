import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, it } from 'vitest';
import { SpeechProvider } from '../i18n';
import { Listing, type Field, type Total } from './listing';

afterEach(cleanup);

interface Row {
  id: string;
}

function show(pages: Record<string, { items: Row[]; next?: string; all?: Total }>, address = '/', fields: Field[] = [{ name: 'action', label: '操作' }]) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <MemoryRouter initialEntries={[address]}>
          <Listing<Row>
            caption="记录"
            name={['rows']}
            read={({ cursor = '' }) => Promise.resolve(pages[cursor] ?? { items: [] })}
            numbered
            fields={fields}
            toolbar={(filters) => <output>{JSON.stringify(filters)}</output>}
            rowKey="id"
            empty={{ title: '还没有记录' }}
            columns={[{ title: '编号', dataIndex: 'id' }]}
          />
        </MemoryRouter>
      </SpeechProvider>
    </QueryClientProvider>,
  );
}

it('goes on behind a page that found nothing in what it looked through', async () => {
  show({ '': { items: [], next: 'later' }, later: { items: [{ id: '第一条' }] } }, '/?action=print');
  expect(await screen.findByText('已查找的部分没有符合条件的记录')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: '下一页' }));
  expect(await screen.findByText('第一条')).toBeDefined();
});

it('tells a list without records from one without matches, and shows no pager with either', async () => {
  show({ '': { items: [] } });
  expect(await screen.findByText('还没有记录')).toBeDefined();
  expect(screen.queryByRole('button', { name: '下一页' })).toBeNull();
  cleanup();
  show({ '': { items: [] } }, '/?action=print');
  expect(await screen.findByText('没有符合条件的记录')).toBeDefined();
  expect(screen.queryByRole('button', { name: '下一页' })).toBeNull();
});

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

it('tells how many there are once the last page is seen, and numbers them over pages that are not full', async () => {
  show({ '': { items: rows('甲', '乙'), next: '2' }, '2': { items: rows('丙'), next: '3' }, '3': { items: rows('丁') } });
  expect(await screen.findByText('乙')).toBeDefined();
  expect(screen.queryByText(/^共/)).toBeNull();
  for (const id of ['丙', '丁']) {
    await userEvent.click(screen.getByRole('button', { name: '下一页' }));
    expect(await screen.findByText(id)).toBeDefined();
  }
  expect(screen.getByText('共4条')).toBeDefined();
  expect(screen.getByRole('row', { name: '4 丁' })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: '上一页' }));
  expect(await screen.findByRole('row', { name: '3 丙' })).toBeDefined();
});

it('tells how many there are where a page says so', async () => {
  show({ '': { items: rows('甲'), next: '2', all: { total: 1000, at_least: true } } });
  expect(await screen.findByText('共1000条以上')).toBeDefined();
});

it('tells its toolbar every filter, also one that is kept out of the address', async () => {
  const fields = [
    { name: 'name', label: '单位名称' },
    { name: 'contact', label: '联系人', personal: true },
  ];
  show({ '': { items: [{ id: '第一条' }] } }, '/?name=机械厂', fields);
  await userEvent.type(screen.getByLabelText('联系人'), '张三');
  await userEvent.click(screen.getByRole('button', { name: '查询' }));
  expect(screen.getByRole('status').textContent).toBe('{"name":"机械厂","contact":"张三"}');
});
