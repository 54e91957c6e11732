import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ReliefTrial, ReliefView, ReliefsView } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { End } from './End';

const RELIEF: ReliefView = {
  id: 'r-1',
  kind_name: '补贴',
  plan_code: 'hospital-a',
  rule: { type: 'fixed-per-member', amount_fen: 3500 },
  bearer: { kind: 'subsidy', title: '省总工会', tax_number: '', fund_source: 'union-funds' },
  from: '2026-01-01',
  applies_today: true,
};
const VIEW: ReliefsView = { office: '2602', office_name: '陕西省办事处', version: 4, reliefs: [RELIEF] };
const TRIAL: ReliefTrial = {
  plan_code: 'hospital-a',
  plan_version: '2025',
  day: '2026-07-01',
  changed: 1,
  cases: [
    {
      case: { kind: 'ordinary', name: '一般职业，每人一份', ordinary: 25, high_risk: 0, shares: 1, staff: 25, age: 35 },
      changed: true,
      before: { contribution_fen: 237_500, subsidy_fen: 87_500, gifted_fen: 0, due_fen: 150_000 },
      after: { contribution_fen: 237_500, subsidy_fen: 0, gifted_fen: 0, due_fen: 237_500 },
    },
  ],
};

/** What was asked of the server, trials and ends. */
let asked: { path: string; body: unknown }[] = [];

beforeEach(() => {
  asked = [];
});
afterEach(cleanup);

/** The dialog that ends a subsidy, with a server whose trials answer as `trial` does. */
function open(trial: () => Promise<Response>) {
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname;
    asked.push({ path, body: await request.clone().json() });
    if (path.endsWith('/trial')) return trial();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return Response.json({ version: 5 });
  });
  const close = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SpeechProvider>
        <App>
          <End relief={RELIEF} view={VIEW} variants={[]} refresh={() => Promise.resolve()} close={close} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return close;
}

const sent = (end: string) => asked.filter(({ path }) => path.endsWith(end));

it('shows what sample enrolments pay without the subsidy, on the day after the last one', async () => {
  open(() => Promise.resolve(Response.json(TRIAL)));
  const row = within(await screen.findByRole('row', { name: /一般职业，每人一份/ }));
  for (const figure of ['875.00', '1,500.00']) expect(row.getByText(figure)).toBeTruthy();
  expect(screen.getByText('样例在2026-07-01完成录入。')).toBeTruthy();
  expect(sent('/trial')[0]?.body).toEqual({ end: { relief: 'r-1', last_day: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as unknown } });
});

it('ends it once, with one click, while the trial is still going on', async () => {
  const close = open(() => new Promise(() => undefined));
  expect(await screen.findByText('正在用样例试算')).toBeTruthy();
  await userEvent.dblClick(screen.getByRole('button', { name: /终\s*止/ }));
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1), { timeout: 60_000 });
  expect(sent('/end')).toHaveLength(1);
});

it('says why a trial was refused', async () => {
  const errors = [{ pointer: '/end/last_day', code: 'END_DATE', detail: '截止日期应早于原来的截止日期' }];
  open(() => Promise.resolve(Response.json({ type: '', title: '', status: 422, code: 'INVALID', detail: '有1处需要修改', errors }, { status: 422 })));
  expect(await screen.findByText('样例试算没有完成')).toBeTruthy();
  expect(screen.getByText('截止日期应早于原来的截止日期')).toBeTruthy();
});
