import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { EnrolmentView, ReceiptView } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { AmendableReceipts } from './Amend';

const view = { id: 'e-1', application_number: 'A1', unit: 'u', unit_name: '第一机械厂', state: 'completed', state_name: '完毕', version: 9, plans: [], attachments: [], batches: [], opinions: [] } as unknown as EnrolmentView;

const receipt = (id: string, more: Partial<ReceiptView>): ReceiptView => ({
  id,
  batch_number: `批次${id}`,
  request: {
    fund_source: 'union-funds',
    channel: 'transfer',
    payer_title: '第一机械厂',
    payer_email: 'cw@example.com',
    tax_number_type: 'credit-code',
    tax_number: '12370200MB12345671',
    items: [{ plan_code: 'P', occupation: 'ordinary', persons: 2, price_fen: 4000 }],
  },
  ...more,
});

const issued = { code: '00010123', check_code: 'abc', on: '2026-03-10', sample: true };
const voided = { at: '2026-03-11T01:00:00Z', by_name: '周财务', reason: '抬头有误' };

/** Shows the receipts of the enrolment; answers the bodies that were posted. */
function show(receipts: ReceiptView[]): { path: string; body: unknown }[] {
  const posted: { path: string; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'GET') return Response.json({ receipts, remaining: [] });
    posted.push({ path: new URL(request.url).pathname, body: await request.clone().json() });
    return Response.json({ id: 'e-1', version: 10 });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <App>
          <AmendableReceipts view={view} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return posted;
}

describe('receipts that turn out wrong', () => {
  afterEach(cleanup);

  it('can be voided once issued, and reissued once', async () => {
    show([receipt('1', { issued, voided }), receipt('2', { issued, replaces: '1' }), receipt('3', { issued, voided }), receipt('4', {})]);
    const of = async (id: string) => within((await screen.findByText(`批次${id}`)).closest('tr') as HTMLElement);
    expect((await of('1')).queryByRole('button', { name: /重\s*开/ })).toBeNull();
    expect((await of('2')).getByRole('button', { name: /作\s*废/ })).toBeTruthy();
    expect((await of('3')).getByRole('button', { name: /重\s*开/ })).toBeTruthy();
    expect((await of('4')).queryByRole('button', { name: /作\s*废|重\s*开/ })).toBeNull();
  });

  it('are not voided without a reason', async () => {
    const posted = show([receipt('2', { issued })]);
    await userEvent.click(await screen.findByRole('button', { name: /作\s*废/ }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('金额80.00元');
    await userEvent.click(within(dialog).getByRole('button', { name: /作\s*废/ }));
    expect(await screen.findByText('请填写原因')).toBeTruthy();
    expect(posted).toEqual([]);
    await userEvent.click(within(dialog).getByLabelText('作废原因'));
    await userEvent.paste('抬头有误');
    await userEvent.click(within(dialog).getByRole('button', { name: /作\s*废/ }));
    await vi.waitFor(() => expect(posted).toEqual([{ path: '/api/enrolments/e-1/receipts/2/void', body: { reason: '抬头有误' } }]), { timeout: 60_000 });
  });

  it('are reissued made out as the voided one until it is corrected', async () => {
    const posted = show([receipt('3', { issued, voided })]);
    await userEvent.click(await screen.findByRole('button', { name: /重\s*开/ }));
    const dialog = await screen.findByRole('dialog');
    const title = within(dialog).getByLabelText('抬头');
    await userEvent.clear(title);
    await userEvent.click(within(dialog).getByRole('button', { name: /重\s*开/ }));
    expect(await screen.findByText('请填写抬头')).toBeTruthy();
    await userEvent.click(title);
    await userEvent.paste('第一机械厂工会委员会');
    await userEvent.click(within(dialog).getByRole('button', { name: /重\s*开/ }));
    const body = { payer_title: '第一机械厂工会委员会', payer_email: 'cw@example.com', tax_number_type: 'credit-code', tax_number: '12370200MB12345671' };
    await vi.waitFor(() => expect(posted).toEqual([{ path: '/api/enrolments/e-1/receipts/3/reissue', body }]), { timeout: 60_000 });
  });
});
