/** 账号登录日志: what became of the attempts on any account of the subtree, for auditors. */
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { administration, nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { AccountView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Lookup, SHOWN } from '../../kit/lookup';
import { placeName } from '../../kit/nodes';
import { Empty } from '../../kit/states';
import { SignInTable } from '../sign-ins/SignInTable';

export default function AccountSignIns() {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const account = params.get('account') ?? '';
  return (
    <>
      <h1>{t('账号登录日志')}</h1>
      <section className="panel">
        <label htmlFor="account">{t('账号')}</label> <AccountSelect value={account} choose={(id) => setParams(id ? { account: id } : {})} />
      </section>
      {account ? (
        <SignInTable key={account} name={[...administration.account(account), 'sign-ins']} read={(query) => answer(api.GET('/accounts/{account}/sign-ins', { params: { path: { account }, query } }))} />
      ) : (
        <div className="panel">
          <Empty title={t('请选择账号')} hint={t('输入姓名或用户名查找')} />
        </div>
      )}
    </>
  );
}

/** An account by a part of its name or the beginning of its user name. */
function AccountSelect({ value, choose }: { value: string; choose: (account: string | undefined) => void }) {
  const t = useT();
  const { data: nodes } = useQuery(nodesQuery);
  return (
    <Lookup<Pick<AccountView, 'id' | 'name' | 'user_name' | 'node'>>
      id="account"
      className="account-choice"
      allowClear
      value={value || undefined}
      name={[...administration.accounts, 'choice']}
      find={async (asked) => (await answer(api.GET('/accounts', { params: { query: { limit: SHOWN, ...(asked ? { name: asked } : {}) } } }))).items}
      choice={({ id, name, user_name, node }) => ({ value: id, label: `${name} ${user_name}`, note: placeName(nodes ?? [], node) })}
      read={(account) => answer(api.GET('/accounts/{account}', { params: { path: { account } } }))}
      placeholder={t('输入姓名或用户名查找')}
      nothing={t('没有账号')}
      onChange={choose}
    />
  );
}
