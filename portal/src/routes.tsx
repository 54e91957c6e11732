/**
 * Every page: its address, its name in the menu – which is its breadcrumb, too – and the permissions of GET /me that open
 * it. A new page is a folder in src/pages and one entry here; see README.md.
 */
import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import { createBrowserRouter } from 'react-router';
import {
  AuditOutlined,
  BankOutlined,
  FileDoneOutlined,
  FileSearchOutlined,
  FileTextOutlined,
  FolderOpenOutlined,
  FormOutlined,
  HomeOutlined,
  PrinterOutlined,
  SafetyCertificateOutlined,
  DownloadOutlined,
  SwapOutlined,
} from '@ant-design/icons';
import type { Key } from './i18n';
import { NotFound } from './kit/states';
import { CrashPage } from './shell/CrashPage';
import { Guarded, Shell } from './shell/Shell';

export interface PageEntry {
  path: string;
  title: Key;
  icon: ReactNode;
  group: Key | null;
  /** Any one of them opens the page; none means everybody. */
  needs: string[];
  page: LazyExoticComponent<ComponentType>;
  /** Pages below it, with their own breadcrumb. */
  details?: { path: string; title: Key; page: LazyExoticComponent<ComponentType> }[];
}

const Pool = lazy(() => import('./pages/review-pools'));
const Review = lazy(() => import('./pages/review-pools/Review'));

function pool(level: string, title: Key): PageEntry {
  return {
    path: level,
    title,
    icon: <AuditOutlined />,
    group: '参保管理',
    needs: [`work-${level}`],
    page: Pool,
    details: [{ path: ':enrolment', title: '审核', page: Review }],
  };
}

export const PAGES: PageEntry[] = [
  { path: '', title: '首页', icon: <HomeOutlined />, group: null, needs: [], page: lazy(() => import('./pages/home')) },
  {
    path: 'roster-templates',
    title: '模板下载',
    icon: <DownloadOutlined />,
    group: '参保管理',
    needs: ['enter-enrolments'],
    page: lazy(() => import('./pages/roster-templates')),
  },
  {
    path: 'enrolment-entry',
    title: '参保录入',
    icon: <FormOutlined />,
    group: '参保管理',
    needs: ['enter-enrolments'],
    page: lazy(() => import('./pages/enrolment-entry')),
    details: [{ path: ':enrolment', title: '新建参保录入', page: lazy(() => import('./pages/enrolment-entry/Wizard')) }],
  },
  pool('first-review', '初审'),
  pool('second-review', '复审'),
  pool('final-review', '终审'),
  {
    path: 'payment-notices',
    title: '缴费通知单打印',
    icon: <PrinterOutlined />,
    group: '参保管理',
    needs: ['print-notices'],
    page: lazy(() => import('./pages/payment-notices')),
  },
  {
    path: 'receipt-entry',
    title: '线上开票录入',
    icon: <FileTextOutlined />,
    group: '参保管理',
    needs: ['enter-receipts'],
    page: lazy(() => import('./pages/receipt-entry')),
    details: [{ path: ':enrolment', title: '开票信息', page: lazy(() => import('./pages/receipt-entry/Entry')) }],
  },
  {
    path: 'certificate-printing',
    title: '确认书打印',
    icon: <SafetyCertificateOutlined />,
    group: '参保管理',
    needs: ['print-certificates'],
    page: lazy(() => import('./pages/certificate-printing')),
  },
  {
    path: 'certificate-archiving',
    title: '确认书归档',
    icon: <FolderOpenOutlined />,
    group: '参保管理',
    needs: ['work-archive'],
    page: lazy(() => import('./pages/certificate-archiving')),
    details: [{ path: ':enrolment', title: '归档', page: lazy(() => import('./pages/certificate-archiving/Archive')) }],
  },
  {
    path: 'enrolment-query',
    title: '参保查询',
    icon: <FileSearchOutlined />,
    group: '参保管理',
    needs: ['read-enrolments'],
    page: lazy(() => import('./pages/enrolment-query')),
    details: [{ path: ':enrolment', title: '参保单', page: lazy(() => import('./pages/enrolment-query/Enrolment')) }],
  },
  {
    path: 'dispatch',
    title: '调度',
    icon: <SwapOutlined />,
    group: '参保管理',
    needs: ['dispatch-tasks'],
    page: lazy(() => import('./pages/dispatch')),
  },
  {
    path: 'payment-confirmation',
    title: '到账确认',
    icon: <BankOutlined />,
    group: '财务管理',
    needs: ['work-payment'],
    page: lazy(() => import('./pages/payment-confirmation')),
    details: [{ path: ':enrolment', title: '到账登记', page: lazy(() => import('./pages/payment-confirmation/Confirm')) }],
  },
  {
    path: 'sign-ins',
    title: '登录日志',
    icon: <FileDoneOutlined />,
    group: '权限管理',
    needs: [],
    page: lazy(() => import('./pages/sign-ins')),
  },
];

const SignIn = lazy(() => import('./pages/sign-in'));
const Forgotten = lazy(() => import('./pages/sign-in/Forgotten'));
const SetPassword = lazy(() => import('./pages/sign-in/SetPassword'));
const Verify = lazy(() => import('./pages/verify'));

export const router = createBrowserRouter([
  { path: '/sign-in', element: <SignIn />, errorElement: <CrashPage /> },
  { path: '/forgotten-password', element: <Forgotten />, errorElement: <CrashPage /> },
  { path: '/set-password', element: <SetPassword />, errorElement: <CrashPage /> },
  { path: '/verify/:token', element: <Verify />, errorElement: <CrashPage /> },
  {
    path: '/',
    element: <Shell />,
    errorElement: <CrashPage />,
    children: [
      ...PAGES.flatMap((entry) => {
        const { path, page: Page, details = [] } = entry;
        return [
          { path, element: <Guarded entry={entry} page={<Page />} />, errorElement: <CrashPage inside />, handle: { entry } },
          ...details.map((detail) => ({
            path: `${path}/${detail.path}`,
            element: <Guarded entry={entry} page={<detail.page />} />,
            errorElement: <CrashPage inside />,
            handle: { entry, detail: detail.title },
          })),
        ];
      }),
      { path: '*', element: <NotFound /> },
    ],
  },
]);
