/** The frame: side menu by permission, header with language, 关怀模式 and account, breadcrumbs with the menu's names. */
import { FontSizeOutlined, GlobalOutlined, LogoutOutlined, MenuFoldOutlined, MenuUnfoldOutlined, SafetyOutlined, UserOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Breadcrumb, Button, Dropdown, Layout, Menu, type MenuProps } from 'antd';
import { Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Link, Navigate, Outlet, useLocation, useMatches, useNavigate } from 'react-router';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import { me } from '../api/queries';
import { useSpeech, type Key } from '../i18n';
import { Failed, Loading, NotPermitted } from '../kit/states';
import { useSend } from '../kit/send';
import { PAGES, type PageEntry } from '../routes';
import { SecondFactor } from './SecondFactor';
import { useSize } from './theme';

type MenuEntry = NonNullable<MenuProps['items']>[number];

interface Handle {
  entry?: PageEntry;
  detail?: Key;
}

const opens = (entry: PageEntry, permissions: string[]) => entry.needs.length === 0 || entry.needs.some((need) => permissions.includes(need));

/** The page, or that one may not use it. */
export function Guarded({ entry, page }: { entry: PageEntry; page: ReactNode }) {
  const { data } = useQuery(me);
  if (!data) return <Loading />;
  return opens(entry, data.permissions) ? <Suspense fallback={<Loading />}>{page}</Suspense> : <NotPermitted />;
}

export function Shell() {
  const { t, language, setLanguage } = useSpeech();
  const { large, setLarge } = useSize();
  const navigate = useNavigate();
  const location = useLocation();
  const queries = useQueryClient();
  const account = useQuery(me);
  const [collapsed, setCollapsed] = useState(false);
  const [factor, setFactor] = useState(false);
  const nav = useRef<HTMLElement>(null);
  const matches = useMatches();
  const handle = matches[matches.length - 1]?.handle as Handle | undefined;
  const signOut = useSend(
    () => answer(api.DELETE('/sessions/current')),
    async () => {
      await navigate('/sign-in');
      queries.clear();
    },
  );
  const title = handle?.detail ?? handle?.entry?.title;
  useEffect(() => {
    document.title = title ? `${t(title)} · ${t('职工互助保障平台')}` : t('职工互助保障平台');
  }, [title, t]);

  const permissions = account.data?.permissions;
  const entry = handle?.entry?.path;
  // A long menu shows where one is.
  useEffect(() => {
    nav.current?.querySelector('.ant-menu-item-selected')?.scrollIntoView({ block: 'nearest' });
  }, [entry, permissions]);
  const menu = useMemo(() => {
    const shown = PAGES.filter((entry) => opens(entry, permissions ?? []));
    const item = (entry: PageEntry) => ({ key: `/${entry.path}`, icon: entry.icon, label: <Link to={`/${entry.path}`}>{t(entry.title)}</Link> });
    const groups = [...new Set(shown.map(({ group }) => group))];
    return groups.flatMap<MenuEntry>((group) => {
      const items = shown.filter((entry) => entry.group === group).map(item);
      return group === null ? items : [{ key: group, type: 'group' as const, label: t(group), children: items }];
    });
  }, [permissions, t]);

  if (account.error && !account.data) {
    const signedOut = account.error instanceof Refused && account.error.status === 401;
    if (signedOut) return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />;
    return <Failed error={account.error} retry={() => void account.refetch()} />;
  }
  if (!account.data) return <Loading />;

  const crumbs: { key: string; title: ReactNode }[] = [];
  if (handle?.entry) {
    if (handle.entry.group) crumbs.push({ key: 'group', title: t(handle.entry.group) });
    const name = t(handle.entry.title);
    crumbs.push({ key: 'page', title: handle.detail ? <Link to={`/${handle.entry.path}`}>{name}</Link> : name });
    if (handle.detail) crumbs.push({ key: 'detail', title: t(handle.detail) });
  }
  return (
    <Layout className="shell">
      <a href="#content" className="skip">
        {t('跳到主要内容')}
      </a>
      <Layout.Header className="header">
        <Button
          type="text"
          className="on-dark"
          icon={collapsed ? <MenuUnfoldOutlined aria-hidden /> : <MenuFoldOutlined aria-hidden />}
          aria-label={collapsed ? t('展开菜单') : t('收起菜单')}
          onClick={() => setCollapsed(!collapsed)}
        />
        <Link to="/" className="brand">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          {t('职工互助保障平台')}
        </Link>
        <span className="spring" />
        <Button type="text" className="on-dark" icon={<FontSizeOutlined aria-hidden />} aria-pressed={large} onClick={() => setLarge(!large)}>
          {large ? t('标准字号') : t('关怀模式')}
        </Button>
        <Button
          type="text"
          className="on-dark"
          icon={<GlobalOutlined aria-hidden />}
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
        >
          {language === 'zh' ? 'English' : '中文'}
        </Button>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              ...(account.data.unit ? [] : [{ key: 'factor', icon: <SafetyOutlined aria-hidden />, label: t('设置动态口令') }]),
              { key: 'out', icon: <LogoutOutlined aria-hidden />, label: t('退出登录') },
            ],
            onClick: ({ key }) => {
              if (key === 'out') void signOut.run();
              else setFactor(true);
            },
          }}
        >
          <Button type="text" className="on-dark account" icon={<UserOutlined aria-hidden />} loading={signOut.pending}>
            {account.data.name}
            <span className="place">{account.data.unit_name ?? account.data.node_name}</span>
          </Button>
        </Dropdown>
      </Layout.Header>
      <Layout>
        <Layout.Sider width={large ? 260 : 216} collapsedWidth={64} collapsed={collapsed} theme="light" className="side">
          <nav aria-label={t('主菜单')} ref={nav}>
            <Menu mode="inline" inlineCollapsed={collapsed} selectedKeys={[`/${handle?.entry?.path ?? '-'}`]} items={menu} />
          </nav>
        </Layout.Sider>
        <Layout.Content id="content" className="content" tabIndex={-1}>
          <main>
            {crumbs.length > 0 && <Breadcrumb className="crumbs" items={crumbs} />}
            <Outlet />
          </main>
        </Layout.Content>
      </Layout>
      {factor && <SecondFactor close={() => setFactor(false)} />}
    </Layout>
  );
}
