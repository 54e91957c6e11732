import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, it, vi } from 'vitest';
import { SpeechProvider } from '../i18n';
import { EnrolmentListing } from './enrolmentListing';

afterEach(cleanup);

const ROW = { id: 'e-1', application_number: 'A1', unit_name: '第一机械厂', created_at: '2026-03-10T01:00:00Z', state: 'invoicing', state_name: '开票录入' };

/** Shows receipts that wait; answers what was asked of the API: an address, or the body of an export. */
function show(address: string): unknown[] {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    asked.push(request.method === 'POST' ? await request.clone().json() : pathname + decodeURIComponent(search));
    if (pathname.endsWith('/counts')) return Response.json({ total: 31, at_least: false, states: [] });
    return Response.json(request.method === 'POST' ? {} : { items: [ROW], next: 'later' });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <MemoryRouter initialEntries={[address]}>
          <App>
            <EnrolmentListing title="开票" name="test" preset={{ state: 'invoicing,completed' }} exported="receipts" byState unitShown={false} columns={[{ title: '应付', dataIndex: 'amount_due_fen' }]} empty={{ title: '没有' }} />
          </App>
        </MemoryRouter>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return asked;
}

it('lists, counts and exports the same enrolments', async () => {
  const asked = show('/');
  expect(await screen.findByText('共31条')).toBeTruthy();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('开票');
  await userEvent.click(screen.getByRole('button', { name: /导\s*出/ }));
  await waitFor(() => expect(asked).toContainEqual({ kind: 'receipts', filter: { state: 'invoicing,completed' } }));
  expect(asked).toContain('/api/enrolments?limit=20&state=invoicing,completed');
  expect(asked).toContain('/api/enrolments/counts?state=invoicing,completed');
});

it('lists what is asked for in place of what is preset, and only the columns that are wanted', async () => {
  const asked = show('/?state=completed&application_number=A1');
  expect(await screen.findByText('共31条')).toBeTruthy();
  expect(asked).toContain('/api/enrolments/counts?state=completed&application_number=A1');
  const titles = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
  expect(titles).toEqual(['申请书号', '录入日期', '状态', '应付']);
});
