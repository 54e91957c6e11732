import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, it } from 'vitest';
import { SpeechProvider } from '../i18n';
import { Listing } from './listing';

afterEach(cleanup);

interface Row {
  id: string;
}

function show(pages: Record<string, { items: Row[]; next?: string }>, address = '/') {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <MemoryRouter initialEntries={[address]}>
          <Listing<Row>
            caption="记录"
            name={['rows']}
            read={({ cursor = '' }) => Promise.resolve(pages[cursor] ?? { items: [] })}
            fields={[{ name: 'action', label: '操作' }]}
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
