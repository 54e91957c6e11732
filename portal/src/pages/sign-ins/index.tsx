/** 登录日志: what became of the attempts on one's own account. */
import { answer, api } from '../../api/client';
import { useT } from '../../i18n';
import { SignInTable } from './SignInTable';

export default function SignIns() {
  const t = useT();
  return (
    <>
      <h1>{t('登录日志')}</h1>
      <SignInTable name={['sign-ins']} read={(query) => answer(api.GET('/me/sign-ins', { params: { query } }))} />
    </>
  );
}
