/** 登录. On a laptop it also says which sample account does what. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { Link, useLocation, useNavigate } from 'react-router';
import { useT, type Key } from '../../i18n';
import { SignInForm } from '../../shell/SignInForm';
import { Door } from './Door';
import { hints } from './hints';

export default function SignIn() {
  const t = useT();
  const navigate = useNavigate();
  const location = useLocation();
  const queries = useQueryClient();
  // Where one wanted to go, and what the page one comes from has to say.
  const { from = '/', said } = (location.state ?? {}) as { from?: string; said?: Key };
  const { data } = useQuery(hints);
  return (
    <Door
      aside={
        data && (
          <aside className="hints" aria-labelledby="hints">
            <h2 id="hints">{t('本机示例账号')}</h2>
            <p>
              {t('仅在本机的示例环境中显示。所有账号的密码都是：')} <code>{data.password}</code>
            </p>
            <ol>
              {data.accounts.map(({ user_name, name, purpose }) => (
                <li key={user_name}>
                  <code>{user_name}</code> <strong>{name}</strong> <span>{purpose}</span>
                </li>
              ))}
            </ol>
            <p className="quiet">
              {t('短信和邮件不会真正发出，可在这里查看：')} <a href={data.texts}>{t('短信')}</a> · <a href={data.mails}>{t('邮件')}</a>
            </p>
          </aside>
        )
      }
    >
      <h1>{t('登录')}</h1>
      {said && <Alert type="success" showIcon className="gap" role="status" title={t(said)} />}
      <SignInForm
        done={() => {
          queries.clear();
          return navigate(from, { replace: true });
        }}
      />
      <div className="door-links">
        <Link to="/register">
          <Button type="link">{t('单位注册')}</Button>
        </Link>
        <Link to="/forgotten-password">
          <Button type="link">{t('忘记密码')}</Button>
        </Link>
      </div>
    </Door>
  );
}
