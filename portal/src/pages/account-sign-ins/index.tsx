/** 账号登录日志: what became of the attempts on any account of the subtree, for auditors. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { account as accountQuery, administration, nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import { useT } from '../../i18n';
import { placeName } from '../../kit/nodes';
import { useSettled } from '../../kit/settled';
import { Empty } from '../../kit/states';
import { SignInTable } from '../sign-ins/SignInTable';

/** Accounts that a search shows. */
const SHOWN = 50;

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
  const [text, setText] = useState('');
  const asked = useSettled(text.trim());
  const { data: nodes } = useQuery(nodesQuery);
  const chosen = useQuery({ ...accountQuery(value), enabled: value !== '' });
  const found = useQuery({
    queryKey: [...administration.accounts, 'choice', asked],
    queryFn: () => answer(api.GET('/accounts', { params: { query: { limit: SHOWN, ...(asked ? { name: asked } : {}) } } })),
    placeholderData: keepPreviousData,
  });
  const accounts = [...(found.data?.items ?? [])];
  if (chosen.data && !accounts.some(({ id }) => id === value)) accounts.unshift(chosen.data);
  return (
    <Select
      id="account"
      className="account-choice"
      allowClear
      value={value || null}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t('输入姓名或用户名查找')}
      loading={found.isFetching}
      options={accounts.map(({ id, name, user_name, node }) => ({ value: id, label: `${name} ${user_name}`, place: placeName(nodes ?? [], node) }))}
      optionRender={({ label, data }) => (
        <span>
          {label} <span className="quiet">{data.place}</span>
        </span>
      )}
      onChange={(id: string | undefined) => choose(id)}
    />
  );
}
