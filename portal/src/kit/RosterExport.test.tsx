import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { MemoryRouter } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { keys } from '../api/queries';
import { SpeechProvider } from '../i18n';
import { RosterExport } from './RosterExport';

/** Opens the dialog as somebody with such permissions; answers it, and the bodies that were posted. */
async function open(permissions: string[], refuse = false) {
  const posted: unknown[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    posted.push(await request.clone().json());
    if (!refuse) return Response.json({ id: 'x-1' }, { status: 201 });
    return Response.json({ type: '/problems/conflict', title: '冲突', status: 409, code: 'EXPORTS_UNDER_WAY', detail: '您已有3个导出任务正在进行' }, { status: 409 });
  });
  const client = new QueryClient();
  client.setQueryData(keys.me, { permissions });
  render(
    <QueryClientProvider client={client}>
      <SpeechProvider>
        <MemoryRouter>
          <App>
            <RosterExport filter={{ application_number: 'A1' }} what="本参保单的人员清单。" />
          </App>
        </MemoryRouter>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByRole('button', { name: '导出人员清单' }));
  return { dialog: within(await screen.findByRole('dialog')), posted };
}

const WARNING = '完整的身份证号码和手机号码将离开本平台';

describe('an export of rosters', () => {
  afterEach(cleanup);

  it('is masked for those who may not see numbers', async () => {
    const { dialog, posted } = await open(['read-enrolments']);
    expect(dialog.queryByRole('radio')).toBeNull();
    expect(dialog.getByText('身份证号码和手机号码隐去一部分。')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: /^导\s*出$/ }));
    expect(await screen.findByText('已开始导出')).toBeTruthy();
    expect(posted).toEqual([{ kind: 'rosters', filter: { application_number: 'A1' }, in_full: false }]);
  });

  it('is masked unless numbers in full are asked for', async () => {
    const { dialog, posted } = await open(['read-enrolments', 'unmask-numbers']);
    expect(dialog.queryByText(WARNING)).toBeNull();
    await userEvent.click(dialog.getByRole('button', { name: /^导\s*出$/ }));
    expect(await screen.findByText('已开始导出')).toBeTruthy();
    expect(posted).toEqual([{ kind: 'rosters', filter: { application_number: 'A1' }, in_full: false }]);
  });

  it('has numbers in full for who confirms that they leave and that the trail says so', async () => {
    const { dialog, posted } = await open(['read-enrolments', 'unmask-numbers']);
    await userEvent.click(dialog.getByRole('radio', { name: '完整号码' }));
    expect(dialog.getByText(WARNING)).toBeTruthy();
    expect(dialog.getByText(/记入每张参保单的轨迹/)).toBeTruthy();
    expect(posted).toEqual([]);
    await userEvent.click(dialog.getByRole('button', { name: '导出完整号码' }));
    expect(await screen.findByText('已开始导出')).toBeTruthy();
    expect(posted).toEqual([{ kind: 'rosters', filter: { application_number: 'A1' }, in_full: true }]);
  });

  it('stays open with the reason when it is refused', async () => {
    const { dialog } = await open(['read-enrolments', 'unmask-numbers'], true);
    await userEvent.click(dialog.getByRole('button', { name: /^导\s*出$/ }));
    expect(await dialog.findByText('您已有3个导出任务正在进行')).toBeTruthy();
  });
});
