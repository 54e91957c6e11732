import { act, renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useSend } from './send';

it('sends once however often it is asked, keeps the key after a refusal and takes a new one after an answer', async () => {
  const used: string[] = [];
  const outcomes = [() => Promise.reject(new Error('refused')), () => Promise.resolve('done'), () => Promise.resolve('done')];
  const send = vi.fn((_: string, key: string) => {
    used.push(key);
    return (outcomes.shift() ?? (() => Promise.resolve('?')))();
  });
  const { result } = renderHook(() => useSend(send));
  await act(async () => {
    await Promise.all([result.current.run('a'), result.current.run('a'), result.current.run('a')]);
  });
  expect(send).toHaveBeenCalledTimes(1);
  expect(result.current.error?.message).toBe('refused');
  await act(() => result.current.run('b'));
  expect(result.current.error).toBeNull();
  await act(() => result.current.run('c'));
  expect(used[1]).toBe(used[0]);
  expect(used[2]).not.toBe(used[1]);
});
