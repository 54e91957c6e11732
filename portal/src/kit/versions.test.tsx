import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { MemoryRouter } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SpeechProvider } from '../i18n';
import { CaseName, Effect } from './effect';
import { Versions, type Book, type Edition } from './versions';

interface Told {
  cases: number;
  changed: number;
}

const BOOK: Book<Edition> = {
  version: 3,
  versions: [
    { standing: 'in-effect', standing_name: '生效中', effective_from: '2025-01-01', terms: { version: '2025' } },
    { standing: 'draft', standing_name: '草稿', terms: { version: '2026' } },
  ],
};
const CASE = { kind: 'over-age', name: '一人超龄，未附超龄证明', ordinary: 20, high_risk: 5, shares: 1, staff: 25, age: 61 };

function Trial({ read }: { read: () => Promise<Told> }) {
  const query = useQuery({ queryKey: ['trial'], queryFn: read });
  return (
    <Effect query={query} counts={(told) => told}>
      {() => <CaseName of={CASE} />}
    </Effect>
  );
}

/** The dialog that publishes the draft, with a trial that answers as `read` does. */
async function open(read: () => Promise<Told>) {
  // As long as a server takes, so that a second click meets the first one.
  const publish = vi.fn(() => new Promise((resolve) => setTimeout(() => resolve({}), 200)));
  const nothing = () => Promise.resolve({});
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SpeechProvider>
        <App>
          <MemoryRouter>
            <Versions
              book={BOOK}
              lines={() => []}
              chosen="2026"
              choose={() => undefined}
              changeable
              draft={() => '/'}
              trial={() => <Trial read={read} />}
              read={() => Promise.resolve(BOOK)}
              refresh={nothing}
              publish={publish}
              recall={nothing}
              discard={nothing}
            />
          </MemoryRouter>
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  await userEvent.click(screen.getByText('发布'));
  return { publish, dialog: within(await screen.findByRole('dialog')) };
}

describe('the dialog that publishes a draft', () => {
  afterEach(cleanup);

  it('shows which sample cases change', async () => {
    const { dialog } = await open(() => Promise.resolve({ cases: 12, changed: 1 }));
    expect(await dialog.findByText('12个样例中，1个有变化。')).toBeTruthy();
    expect(dialog.getByText('25人参保，职工25人，每人1份，高危职业5人，一人61岁')).toBeTruthy();
  });

  it('says so when none changes, or there is none', async () => {
    const { dialog } = await open(() => Promise.resolve({ cases: 12, changed: 0 }));
    expect(await dialog.findByText('12个样例都没有变化')).toBeTruthy();
    expect(dialog.queryByText('一人超龄，未附超龄证明')).toBeNull();
    cleanup();
    const { dialog: empty } = await open(() => Promise.resolve({ cases: 0, changed: 0 }));
    expect(await empty.findByText('没有可以试算的样例')).toBeTruthy();
  });

  it('tells of a trial that failed, and tries again', async () => {
    const read = vi.fn(() => Promise.resolve({ cases: 12, changed: 0 })).mockRejectedValueOnce(new Error('服务暂时不可用'));
    const { dialog } = await open(read);
    expect(await dialog.findByText('样例试算没有完成')).toBeTruthy();
    expect(dialog.getByText('服务暂时不可用')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: /重试/ }));
    expect(await dialog.findByText('12个样例都没有变化')).toBeTruthy();
  });

  it('publishes once, with one click, while the trial is still going on', async () => {
    let finish: (told: Told) => void = () => undefined;
    const { dialog, publish } = await open(() => new Promise((resolve) => (finish = resolve)));
    expect(dialog.getByText('正在用样例试算')).toBeTruthy();
    await userEvent.type(dialog.getByLabelText('生效日期'), '2099-01-01{Enter}');
    await userEvent.dblClick(dialog.getByRole('button', { name: /发\s*布/ }));
    await vi.waitFor(() => expect(publish).toHaveBeenCalled(), { timeout: 60_000 });
    finish({ cases: 12, changed: 0 });
    await vi.waitFor(() => expect(screen.queryByText('正在用样例试算')).toBeNull(), { timeout: 60_000 });
    expect(publish).toHaveBeenCalledTimes(1);
    expect(publish).toHaveBeenCalledWith('2026', { effective_from: '2099-01-01' }, expect.objectContaining({ 'If-Match': '"3"' }));
  });
});
