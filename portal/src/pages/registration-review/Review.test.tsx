import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App } from 'antd';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keys } from '../../api/queries';
import type { RegistrationView } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { conflict } from '../../kit/testing';
import CorrectOnBehalf from '../unit-registration-on-behalf/Correct';
import Review from './Review';

const UNIT = {
  name: '第一机械厂',
  code: '91610300305679230W',
  nature: 'private',
  certificate_type: 'business-licence',
  union_name: '第一机械厂工会',
  union_code: '81610300305679230W',
  region: { province: '陕西省', city: '宝鸡市', county: '岐山县' },
  address: '人民路1号',
};

/** A server that keeps one application, which is one's own to review, and what it was sent. */
let registration: RegistrationView;
let sent: { path: string; match: string | null; body: unknown }[];

async function answerTo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== 'GET') {
    const match = request.headers.get('If-Match');
    sent.push({ path: pathname, match, body: await request.json() });
    if (match === `"${registration.version}"`) return Response.json({ id: 'r-1' });
    return Response.json({ type: '', title: '', status: 412, code: 'VERSION_CHANGED', detail: '内容已被他人更新', errors: [] }, { status: 412 });
  }
  if (pathname.endsWith('/tasks')) return Response.json({ tasks: { items: [{ id: 't-1' }] } });
  if (['/images', '/offices', '/agencies'].some((end) => pathname.endsWith(end))) return Response.json([]);
  if (pathname.endsWith('/trail')) return Response.json({ items: [] });
  if (pathname.endsWith('/application')) {
    const { unit, agency, office } = registration;
    return Response.json({ unit, agency, office, contact: { name: '张三', position: '', mobile: '13800000001', email: 'z@example.com', office_phone: { area_code: '0917', number: '8212345' } }, images: { unit_certificate: 'i-1', union_certificate: 'i-2' } });
  }
  return Response.json(registration);
}

beforeEach(() => {
  registration = {
    id: 'r-1',
    office: '2602',
    agency: '2602-3',
    agency_name: '岐山县代办处',
    unit: UNIT,
    contact: { name: '张三', position: '', mobile: '138****0001' },
    created_at: '2026-03-10T01:00:00Z',
    since: '2026-03-10T01:00:00Z',
    on_behalf: false,
    reviews: [],
    state: 'in-review',
    state_name: '审核中',
    task: 't-1',
    version: 3,
  };
  sent = [];
  vi.stubGlobal('fetch', answerTo);
});
afterEach(cleanup);

function show(page: 'review' | 'correction') {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(keys.me, { permissions: ['work-registrations', 'manage-units'] });
  const routes = [
    { path: '/review/:registration', element: <Review /> },
    { path: '/correction/:registration', element: <CorrectOnBehalf /> },
    { path: '/registration-review', element: <p>工作池</p> },
    { path: '/registration-query/:registration', element: <p>申请的页面</p> },
  ];
  render(
    <QueryClientProvider client={client}>
      <SpeechProvider>
        <App>
          <RouterProvider router={createMemoryRouter(routes, { initialEntries: [`/${page}/r-1`] })} />
        </App>
      </SpeechProvider>
    </QueryClientProvider>,
  );
}

const conclude = async () => userEvent.click(await screen.findByText('提交结论'));
const correct = async () => userEvent.click(await screen.findByText('更正后重新提交'));

it('shows a reviewer what was corrected meanwhile before the conclusion goes to it', async () => {
  show('review');
  await screen.findByText('提交结论');
  registration = { ...registration, version: 5, unit: { ...UNIT, address: '人民路3号' } };
  await conclude();
  const both = await conflict();
  expect(both.rows).toContainEqual(['地址', '人民路1号', '人民路3号']);
  await userEvent.click(both.getByText('仍按我的提交'));
  expect(await screen.findByText('工作池')).toBeTruthy();
  expect(sent.map(({ match }) => match)).toEqual(['"3"', '"5"']);
});

it('concludes without a word on an application that only was acquired meanwhile', async () => {
  registration = { ...registration, state: 'submitted', state_name: '待审核' };
  show('review');
  await screen.findByText('提交结论');
  registration = { ...registration, version: 4, state: 'in-review', state_name: '审核中' };
  await conclude();
  expect(await screen.findByText('工作池')).toBeTruthy();
  expect(sent.map(({ match }) => match)).toEqual(['"3"', '"4"']);
});

it('takes no second conclusion', async () => {
  show('review');
  await screen.findByText('提交结论');
  registration = { ...registration, version: 4, state: 'approved', state_name: '已通过' };
  await conclude();
  const both = await conflict();
  expect(both.getByText('申请现在处于“已通过”，不能再提交结论。')).toBeTruthy();
  expect(both.queryByText('仍按我的提交')).toBeNull();
});

it('shows an office that corrects an application what was corrected by others, and goes on from it when told to', async () => {
  registration = { ...registration, state: 'rejected', state_name: '已退回' };
  show('correction');
  await screen.findByText('更正后重新提交');
  registration = { ...registration, version: 6, unit: { ...UNIT, name: '第一机械厂有限公司' } };
  await correct();
  const both = await conflict();
  expect(both.rows).toContainEqual(['单位名称', '第一机械厂', '第一机械厂有限公司']);
  await userEvent.click(both.getByText('以现在的内容为准'));
  await vi.waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('单位名称').value).toBe('第一机械厂有限公司'));
  await correct();
  expect(await screen.findByText('申请的页面')).toBeTruthy();
  expect(sent.map(({ match }) => match)).toEqual(['"3"', '"6"']);
});

it('leaves a correction that somebody else has submitted', async () => {
  registration = { ...registration, state: 'rejected', state_name: '已退回' };
  show('correction');
  await screen.findByText('更正后重新提交');
  registration = { ...registration, version: 4, state: 'submitted', state_name: '待审核' };
  await correct();
  const both = await conflict();
  expect(both.getByText('申请现在处于“待审核”，不能再更正。')).toBeTruthy();
  await userEvent.click(both.getByText('以现在的内容为准'));
  expect(await screen.findByText('申请的页面')).toBeTruthy();
});
