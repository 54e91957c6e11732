import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { afterEach, expect, it, vi } from 'vitest';
import { SpeechProvider } from '../i18n';
import { DRAFT } from './testing';
import { Withdraw } from './Withdraw';

function open() {
  const close = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <App>
          <Withdraw enrolment={DRAFT} close={close} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return close;
}

afterEach(cleanup);

it('closes at once while no reason is typed', async () => {
  const close = open();
  await userEvent.type(screen.getByLabelText('撤销原因'), '重');
  await userEvent.clear(screen.getByLabelText('撤销原因'));
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1), { timeout: 60_000 });
  expect(screen.queryByText('有尚未保存的修改')).toBeNull();
});

it('asks before a reason that was typed is lost', async () => {
  const close = open();
  await userEvent.type(screen.getByLabelText('撤销原因'), '重复录入');
  await userEvent.keyboard('{Escape}');
  await userEvent.click(await screen.findByText('继续填写'));
  expect(close).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  await userEvent.click((await screen.findAllByText('放弃修改')).at(-1) as HTMLElement);
  await vi.waitFor(() => expect(close).toHaveBeenCalledTimes(1), { timeout: 60_000 });
});
