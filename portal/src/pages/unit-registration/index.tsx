/** 单位注册, open to everybody. Afterwards the application has a page of its own, behind a link only the applicant has. */
import { Button, Form } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import type { ApplicationInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Door } from '../sign-in/Door';
import { ApplicationForm, placeApplicationFaults } from './ApplicationForm';
import { CodeDialog } from './CodeDialog';

export default function UnitRegistration() {
  const t = useT();
  const navigate = useNavigate();
  const [form] = Form.useForm<ApplicationInput>();
  const [ready, setReady] = useState<ApplicationInput | null>(null);
  const [token, setToken] = useState<string | null>(null);
  const [typed, setTyped] = useState(false);
  const guard = useGuard(typed && token === null);
  useEffect(() => {
    // In an effect after the guard's: it has let go by then.
    if (token !== null) void navigate(`/registration#${token}`);
  }, [token, navigate]);
  const send = useSend(
    async (code: string, key) => {
      try {
        return await answer(api.POST('/registrations', { params: { header: { 'Idempotency-Key': key } }, body: { code, application: ready ?? {} } }));
      } catch (error) {
        placeApplicationFaults(form, error);
        throw error;
      }
    },
    (accepted) => setToken(accepted.token),
  );
  return (
    <Door widest>
      <h1>{t('单位注册')}</h1>
      <p className="quiet">{t('注册由归属代办处审核，结果以短信通知联系人。')}</p>
      <ApplicationForm
        form={form}
        submit={setReady}
        changed={() => setTyped(true)}
        foot={
          <div className="form-foot">
            <Link to="/sign-in">{t('返回登录')}</Link>
            <Button type="primary" htmlType="submit" size="large">
              {t('下一步：验证手机')}
            </Button>
          </div>
        }
      />
      {ready && token === null && <CodeDialog mobile={ready.contact?.mobile ?? ''} pending={send.pending} error={send.error} submit={(code) => void send.run(code)} close={() => setReady(null)} />}
      <ProblemAlert error={ready ? null : send.error} />
      {guard}
    </Door>
  );
}
