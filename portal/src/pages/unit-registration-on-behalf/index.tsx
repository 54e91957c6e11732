/** 单位注册 by an office on a unit's behalf: no code is asked for, and somebody else reviews it. */
import { answer, api } from '../../api/client';
import type { ApplicationInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useSend } from '../../kit/send';
import { OnBehalf, useOnBehalf } from './OnBehalf';

export default function RegisterOnBehalf() {
  const t = useT();
  const behalf = useOnBehalf((id) => `/registration-review/${id}`);
  const sending = useSend(
    (body: ApplicationInput, key) => behalf.attempt(answer(api.POST('/registrations/on-behalf', { params: { header: { 'Idempotency-Key': key } }, body }))),
    behalf.sent,
  );
  return (
    <>
      <h1>{t('单位注册')}</h1>
      <section className="panel">
        <p className="quiet">{t('代单位注册不需要短信验证码；录入的人不能审核自己录入的申请。')}</p>
        <OnBehalf behalf={behalf} sending={sending} button={t('提交申请')} />
      </section>
    </>
  );
}
