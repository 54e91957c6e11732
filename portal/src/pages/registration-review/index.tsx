/** 注册审核: the pool of registrars. */
import { useT } from '../../i18n';
import { Pool } from '../../kit/pool';

export default function RegistrationReview() {
  const t = useT();
  return (
    <>
      <h1>{t('注册审核')}</h1>
      <Pool level="registration" base="/registration-review" openLabel={t('审核')} />
    </>
  );
}
