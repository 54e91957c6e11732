/**
 * Every page: its address, its name in the menu – which is its breadcrumb, too – and the permissions of GET /me that open
 * it. A new page is a folder in src/pages and one entry here; see README.md.
 */
import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from 'react';
import { App } from 'antd';
import type { RouteObject } from 'react-router';
import {
  AccountBookOutlined,
  ApartmentOutlined,
  AuditOutlined,
  BankOutlined,
  BookOutlined,
  EditOutlined,
  FileExcelOutlined,
  HistoryOutlined,
  MergeOutlined,
  MessageOutlined,
  StopOutlined,
  FileDoneOutlined,
  FileSearchOutlined,
  FileTextOutlined,
  FolderOpenOutlined,
  FormOutlined,
  HomeOutlined,
  IdcardOutlined,
  NumberOutlined,
  RollbackOutlined,
  SearchOutlined,
  PlusSquareOutlined,
  PrinterOutlined,
  SafetyCertificateOutlined,
  SolutionOutlined,
  DownloadOutlined,
  SwapOutlined,
  CheckSquareOutlined,
  ClusterOutlined,
  GiftOutlined,
  ProfileOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { Key } from './i18n';
import { NotFound } from './kit/states';
import { CrashPage } from './shell/CrashPage';
import { SessionKeeper } from './shell/SessionKeeper';
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

const RegistrationPage = lazy(() => import('./pages/registration-review/Review'));

const PlanDraft = lazy(() => import('./pages/plan-variants/Draft'));

function pool(level: string, title: Key): PageEntry {
  return {
    path: level,
    title,
    icon: <AuditOutlined aria-hidden />,
    group: '参保管理',
    needs: [`work-${level}`],
    page: Pool,
    details: [{ path: ':enrolment', title: '审核', page: Review }],
  };
}

export const PAGES: PageEntry[] = [
  { path: '', title: '首页', icon: <HomeOutlined aria-hidden />, group: null, needs: [], page: lazy(() => import('./pages/home')) },
  {
    path: 'roster-templates',
    title: '模板下载',
    icon: <DownloadOutlined aria-hidden />,
    group: '参保管理',
    needs: ['enter-enrolments'],
    page: lazy(() => import('./pages/roster-templates')),
  },
  {
    path: 'enrolment-entry',
    title: '参保录入',
    icon: <FormOutlined aria-hidden />,
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
    icon: <PrinterOutlined aria-hidden />,
    group: '参保管理',
    needs: ['print-notices'],
    page: lazy(() => import('./pages/payment-notices')),
  },
  {
    path: 'receipt-entry',
    title: '线上开票录入',
    icon: <FileTextOutlined aria-hidden />,
    group: '参保管理',
    needs: ['enter-receipts'],
    page: lazy(() => import('./pages/receipt-entry')),
    details: [{ path: ':enrolment', title: '开票信息', page: lazy(() => import('./pages/receipt-entry/Entry')) }],
  },
  {
    path: 'certificate-printing',
    title: '确认书打印',
    icon: <SafetyCertificateOutlined aria-hidden />,
    group: '参保管理',
    needs: ['print-certificates'],
    page: lazy(() => import('./pages/certificate-printing')),
  },
  {
    path: 'certificate-archiving',
    title: '确认书归档',
    icon: <FolderOpenOutlined aria-hidden />,
    group: '参保管理',
    needs: ['work-archive'],
    page: lazy(() => import('./pages/certificate-archiving')),
    details: [{ path: ':enrolment', title: '归档', page: lazy(() => import('./pages/certificate-archiving/Archive')) }],
  },
  {
    path: 'enrolment-query',
    title: '参保查询',
    icon: <FileSearchOutlined aria-hidden />,
    group: '参保管理',
    needs: ['read-enrolments'],
    page: lazy(() => import('./pages/enrolment-query')),
    details: [{ path: ':enrolment', title: '参保单', page: lazy(() => import('./pages/enrolment-query/Enrolment')) }],
  },
  {
    path: 'renewals',
    title: '续保管理',
    icon: <HistoryOutlined aria-hidden />,
    group: '参保管理',
    needs: ['read-enrolments'],
    page: lazy(() => import('./pages/renewals')),
  },
  {
    path: 'receipt-maintenance',
    title: '开票信息维护',
    icon: <FileTextOutlined aria-hidden />,
    group: '参保管理',
    needs: ['amend-receipts'],
    page: lazy(() => import('./pages/receipt-maintenance')),
  },
  {
    path: 'withdrawal',
    title: '撤销',
    icon: <RollbackOutlined aria-hidden />,
    group: '参保管理',
    needs: ['withdraw-late'],
    page: lazy(() => import('./pages/withdrawal')),
  },
  {
    path: 'restricted-people',
    title: '限制名单',
    icon: <StopOutlined aria-hidden />,
    group: '参保管理',
    needs: ['restrict-people'],
    page: lazy(() => import('./pages/restricted-people')),
  },
  {
    path: 'dispatch',
    title: '调度',
    icon: <SwapOutlined aria-hidden />,
    group: '参保管理',
    needs: ['dispatch-tasks'],
    page: lazy(() => import('./pages/dispatch')),
  },
  {
    path: 'payment-confirmation',
    title: '到账确认',
    icon: <BankOutlined aria-hidden />,
    group: '财务管理',
    needs: ['work-payment'],
    page: lazy(() => import('./pages/payment-confirmation')),
    details: [{ path: ':enrolment', title: '到账登记', page: lazy(() => import('./pages/payment-confirmation/Confirm')) }],
  },
  {
    path: 'payment-query',
    title: '到账查询',
    icon: <AccountBookOutlined aria-hidden />,
    group: '财务管理',
    needs: ['read-books'],
    page: lazy(() => import('./pages/payment-query')),
  },
  {
    path: 'ledger',
    title: '业财明细',
    icon: <BookOutlined aria-hidden />,
    group: '财务管理',
    needs: ['read-books'],
    page: lazy(() => import('./pages/ledger')),
  },
  {
    path: 'print-counts',
    title: '打印次数',
    icon: <PrinterOutlined aria-hidden />,
    group: '打印管理',
    needs: ['read-books', 'dispatch-tasks'],
    page: lazy(() => import('./pages/print-counts')),
  },
  {
    path: 'receipt-series',
    title: '票据号段',
    icon: <NumberOutlined aria-hidden />,
    group: '打印管理',
    needs: ['read-books'],
    page: lazy(() => import('./pages/receipt-series')),
  },
  {
    path: 'registration-review',
    title: '注册审核',
    icon: <AuditOutlined aria-hidden />,
    group: '单位管理',
    needs: ['work-registrations'],
    page: lazy(() => import('./pages/registration-review')),
    details: [{ path: ':registration', title: '审核', page: RegistrationPage }],
  },
  {
    path: 'unit-registration',
    title: '单位注册',
    icon: <PlusSquareOutlined aria-hidden />,
    group: '单位管理',
    needs: ['manage-units'],
    page: lazy(() => import('./pages/unit-registration-on-behalf')),
    details: [{ path: ':registration', title: '更正', page: lazy(() => import('./pages/unit-registration-on-behalf/Correct')) }],
  },
  {
    path: 'registration-query',
    title: '注册查询',
    icon: <SolutionOutlined aria-hidden />,
    group: '单位管理',
    needs: ['read-units', 'work-registrations'],
    page: lazy(() => import('./pages/registration-query')),
    details: [{ path: ':registration', title: '注册申请', page: RegistrationPage }],
  },
  {
    path: 'unit-query',
    title: '信息查询',
    icon: <ApartmentOutlined aria-hidden />,
    group: '单位管理',
    needs: ['read-units'],
    page: lazy(() => import('./pages/unit-query')),
    details: [{ path: ':unit', title: '单位', page: lazy(() => import('./pages/unit-query/Unit')) }],
  },
  {
    path: 'unit-maintenance',
    title: '信息维护',
    icon: <EditOutlined aria-hidden />,
    group: '单位管理',
    needs: ['manage-units'],
    page: lazy(() => import('./pages/unit-maintenance')),
    details: [{ path: ':unit', title: '维护', page: lazy(() => import('./pages/unit-maintenance/Maintain')) }],
  },
  {
    path: 'unit-merger',
    title: '单位合并',
    icon: <MergeOutlined aria-hidden />,
    group: '单位管理',
    needs: ['manage-units'],
    page: lazy(() => import('./pages/unit-merger')),
  },
  {
    path: 'own-unit',
    title: '信息维护',
    icon: <EditOutlined aria-hidden />,
    group: '单位管理',
    needs: ['maintain-own-unit'],
    page: lazy(() => import('./pages/own-unit')),
  },
  {
    path: 'plan-variants',
    title: '保障活动',
    icon: <ProfileOutlined aria-hidden />,
    group: '活动管理',
    needs: ['read-plans'],
    page: lazy(() => import('./pages/plan-variants')),
    details: [
      { path: ':code', title: '保障活动细类', page: lazy(() => import('./pages/plan-variants/Variant')) },
      { path: '_new', title: '新建细类', page: PlanDraft },
      { path: ':code/:version', title: '草稿', page: PlanDraft },
    ],
  },
  {
    path: 'self-check-rules',
    title: '自核规则',
    icon: <CheckSquareOutlined aria-hidden />,
    group: '活动管理',
    needs: ['read-plans'],
    page: lazy(() => import('./pages/self-check-rules')),
    details: [{ path: ':version', title: '草稿', page: lazy(() => import('./pages/self-check-rules/Draft')) }],
  },
  {
    path: 'reliefs',
    title: '补贴和赠险',
    icon: <GiftOutlined aria-hidden />,
    group: '活动管理',
    needs: ['read-plans'],
    page: lazy(() => import('./pages/reliefs')),
  },
  {
    path: 'accounts',
    title: '账号管理',
    icon: <TeamOutlined aria-hidden />,
    group: '权限管理',
    needs: ['read-accounts'],
    page: lazy(() => import('./pages/accounts')),
    details: [
      { path: '_new', title: '新建账号', page: lazy(() => import('./pages/accounts/New')) },
      { path: ':account', title: '账号', page: lazy(() => import('./pages/accounts/Account')) },
    ],
  },
  {
    path: 'roles',
    title: '角色',
    icon: <IdcardOutlined aria-hidden />,
    group: '权限管理',
    needs: ['read-accounts'],
    page: lazy(() => import('./pages/roles')),
  },
  {
    path: 'organisation',
    title: '组织机构',
    icon: <ClusterOutlined aria-hidden />,
    group: '权限管理',
    needs: ['read-accounts'],
    page: lazy(() => import('./pages/organisation')),
  },
  {
    path: 'account-sign-ins',
    title: '账号登录日志',
    icon: <FileDoneOutlined aria-hidden />,
    group: '权限管理',
    needs: ['read-sign-ins'],
    page: lazy(() => import('./pages/account-sign-ins')),
  },
  {
    path: 'trails',
    title: '轨迹查询',
    icon: <SearchOutlined aria-hidden />,
    group: '权限管理',
    needs: ['read-actions'],
    page: lazy(() => import('./pages/trails')),
  },
  { path: 'messages', title: '消息', icon: <MessageOutlined aria-hidden />, group: '我的', needs: [], page: lazy(() => import('./pages/messages')) },
  { path: 'exports', title: '导出', icon: <FileExcelOutlined aria-hidden />, group: '我的', needs: ['read-enrolments'], page: lazy(() => import('./pages/exports')) },
  {
    path: 'sign-ins',
    title: '登录日志',
    icon: <FileDoneOutlined aria-hidden />,
    group: '我的',
    needs: [],
    page: lazy(() => import('./pages/sign-ins')),
  },
];

/** The pages behind the sign-in, with the frame around them. */
export const inside: RouteObject[] = [
  {
    path: '/',
    element: (
      // Messages show above every page.
      <App component={false}>
        <Shell />
        <SessionKeeper />
      </App>
    ),
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
];
