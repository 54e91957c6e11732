/** What became of the attempts on an account. */
import type { SignInView } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT, type Key } from '../../i18n';
import { Listing } from '../../kit/listing';
import { Tag } from '../../kit/show';

const OUTCOMES: Record<string, Key> = {
  'signed-in': '登录成功',
  'signed-out': '退出登录',
  failed: '登录失败',
  locked: '账号锁定',
  'totp-set': '设置动态口令',
  'password-set': '设置密码',
};

/** Families of browsers; what is none of these is none that people use. */
const BROWSERS: Record<string, string> = { edge: 'Edge', firefox: 'Firefox', chrome: 'Chrome', safari: 'Safari' };

interface Props {
  name: readonly unknown[];
  read: (page: { limit: number; cursor?: string }) => Promise<{ items: SignInView[]; next?: string | null }>;
}

export function SignInTable({ name, read }: Props) {
  const t = useT();
  return (
    <Listing<SignInView & { key: string }>
      caption={t('登录日志')}
      name={name}
      read={async (query) => {
        const { items, next } = await read(query);
        return { items: items.map((item, i) => ({ ...item, key: `${item.at}-${i}` })), ...(next ? { next } : {}) };
      }}
      rowKey="key"
      empty={{ title: t('没有登录记录') }}
      columns={[
        { title: t('时间'), dataIndex: 'at', render: minute },
        {
          title: t('结果'),
          dataIndex: 'outcome',
          render: (outcome: string) => <Tag tone={outcome === 'signed-in' ? 'good' : outcome === 'signed-out' ? 'review' : 'bad'}>{outcome in OUTCOMES ? t(OUTCOMES[outcome] as Key) : outcome}</Tag>,
        },
        { title: t('网络'), dataIndex: 'network', className: 'figures' },
        { title: t('浏览器'), dataIndex: 'agent', render: (agent: string) => (agent === 'wechat' ? t('微信') : (BROWSERS[agent] ?? t('其他浏览器'))) },
      ]}
    />
  );
}
