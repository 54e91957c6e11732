import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MergerPreview } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { Merger } from './Merger';

const contact = (account: string, name: string, active: boolean) => ({ account, name, position: '', mobile: '138****0001', active, handler: account === 'a-1' });
const preview: MergerPreview = {
  merged: { id: 'u-1', name: '第一机械厂', code: 'C1', agency: '/hq/', contacts: [contact('a-1', '张三', true), contact('a-2', '李四', false)], version: 4 },
  survivor: { id: 'u-2', name: '第二机械厂', code: 'C2', agency: '/hq/', contacts: [contact('b-1', '王五', true)], version: 7 },
  enrolments: [{ state: 'completed', state_name: '完毕', count: 3 }],
  at_least: false,
  obstacles: [],
};

/** Shows the merger; answers what was posted. */
function show(shown: MergerPreview): { path: string; match: string | null; body: unknown }[] {
  const posted: { path: string; match: string | null; body: unknown }[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'GET') return Response.json(shown);
    posted.push({ path: new URL(request.url).pathname, match: request.headers.get('If-Match'), body: await request.clone().json() });
    return Response.json({});
  });
  const router = createMemoryRouter([
    { path: '/', element: <Merger unit="u-1" survivor="u-2" /> },
    { path: '/unit-query/:unit', element: <p>存续单位的页面</p> },
  ]);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SpeechProvider>
        <App>
          <RouterProvider router={router} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
  return posted;
}

describe('a merger', () => {
  afterEach(cleanup);

  it('says what stands in the way, and is not offered then', async () => {
    show({ ...preview, obstacles: [{ code: 'UNIT_HAS_OPEN_ENROLMENT', text: '“第一机械厂”有2张未完毕的参保单，请先办结或撤销' }] });
    expect(await screen.findByText(/有2张未完毕的参保单/)).toBeTruthy();
    expect(screen.getByText(/^合\s*并$/).closest('button')?.disabled).toBe(true);
  });

  it('is sent with both versions and the contacts that come along, once it was confirmed', async () => {
    const posted = show(preview);
    // Only who is valid can come along.
    await screen.findByText('张三 138****0001');
    expect(screen.queryByText(/李四/)).toBeNull();
    await userEvent.click(screen.getByText('张三 138****0001'));
    await userEvent.click(screen.getByText(/^合\s*并$/));
    expect(await screen.findByText('请先核对并勾选')).toBeTruthy();
    expect(posted).toEqual([]);
    await userEvent.click(screen.getByText('我已核对两个单位，知道合并不能撤销'));
    await userEvent.click(screen.getByText(/^合\s*并$/));
    expect(await screen.findByText('存续单位的页面')).toBeTruthy();
    expect(posted).toEqual([{ path: '/api/units/u-1/merger/u-2', match: '"4"', body: { survivor_version: 7, contacts: ['a-1'] } }]);
  });
});
