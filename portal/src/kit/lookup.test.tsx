import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { SpeechProvider } from '../i18n';
import { Lookup } from './lookup';

afterEach(cleanup);

const ALL = ['岐山县第一机械厂', '岐山县中心小学', '凤县人民医院'];

function show(find: (asked: string) => Promise<string[]>, onChange = vi.fn()) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <Lookup id="unit" value={undefined} name={['units']} find={find} choice={(value) => ({ value, label: value })} placeholder="" nothing="没有" onChange={onChange} />
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return screen.getByRole('combobox');
}

const offered = () => [...document.querySelectorAll('.ant-select-item-option')].map((option) => option.textContent.trim());

test('what an earlier word found is not offered while the next one is looked for', async () => {
  let answer: (rows: string[]) => void = () => undefined;
  const find = vi.fn((asked: string) => (asked ? new Promise<string[]>((resolve) => (answer = resolve)) : Promise.resolve(ALL)));
  const box = show(find);
  fireEvent.mouseDown(box);
  await waitFor(() => expect(offered()).toEqual(ALL));
  fireEvent.change(box, { target: { value: '小学' } });
  expect(offered()).toEqual([]);
  await waitFor(() => expect(find).toHaveBeenLastCalledWith('小学'));
  expect(offered()).toEqual([]);
  answer(['岐山县中心小学']);
  await waitFor(() => expect(offered()).toEqual(['岐山县中心小学']));
});

test('says that nothing was found, once it was looked for', async () => {
  const box = show(() => Promise.resolve([]));
  fireEvent.mouseDown(box);
  expect(await screen.findByText('没有')).toBeTruthy();
});
