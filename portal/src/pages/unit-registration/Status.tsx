/** Where an application stands; while it is rejected, with everything to correct. The token stands behind the #. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import type { ApplicationInput, RegistrationStatus } from '../../api/schema.gen';
import { minute } from '../../format/dates';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Facts, Tag } from '../../kit/show';
import { Load } from '../../kit/states';
import { Door } from '../sign-in/Door';
import { ApplicationForm, placeApplicationFaults } from './ApplicationForm';
import { CodeDialog } from './CodeDialog';

const TONES = { submitted: 'review', 'in-review': 'money', approved: 'good', rejected: 'bad' } as const;
const STORED = 'registration-token';

export default function Status() {
  const t = useT();
  // Out of the address bar, and kept for this tab only, so that reloading works.
  const [token] = useState(() => globalThis.location.hash.slice(1) || (sessionStorage.getItem(STORED) ?? ''));
  useEffect(() => {
    sessionStorage.setItem(STORED, token);
    globalThis.history.replaceState(globalThis.history.state, '', globalThis.location.pathname);
  }, [token]);
  const query = useQuery({ queryKey: ['registration-status', token], queryFn: () => answer(api.POST('/registrations/status', { body: { token } })), enabled: token !== '' });
  return (
    <Door widest>
      <h1>{t('注册申请')}</h1>
      {token ? <Load query={query}>{(status) => <Shown key={status.version} status={status} token={token} again={() => void query.refetch()} />}</Load> : <p role="alert">{t('链接不完整，请从短信中重新打开。')}</p>}
      <div className="door-links">
        <Link to="/sign-in">{t('返回登录')}</Link>
      </div>
    </Door>
  );
}

function Shown({ status, token, again }: { status: RegistrationStatus; token: string; again: () => void }) {
  const t = useT();
  return (
    <>
      <Facts
        columns={2}
        facts={[
          [t('单位名称'), status.unit_name],
          [t('归属代办处'), status.agency_name],
          [
            t('状态'),
            <Tag key="state" tone={TONES[status.state as keyof typeof TONES]}>
              {status.state_name}
            </Tag>,
          ],
          [t('申请时间'), minute(status.created_at)],
        ]}
      />
      {status.state === 'approved' && <Alert type="success" showIcon title={t('注册已通过，用户名和设置密码的链接已发送到联系人手机。')} />}
      {(status.state === 'submitted' || status.state === 'in-review') && <Alert type="info" showIcon title={t('申请正在审核，结果以短信通知联系人。')} />}
      {status.reason && <Alert className="gap" type="warning" showIcon title={t('被退回')} description={status.reason} />}
      {status.application && <Correct status={status} application={status.application} token={token} again={again} />}
    </>
  );
}

function Correct({ status, application, token, again }: { status: RegistrationStatus; application: ApplicationInput; token: string; again: () => void }) {
  const t = useT();
  const [form] = Form.useForm<ApplicationInput>();
  const [ready, setReady] = useState<ApplicationInput | null>(null);
  const [typed, setTyped] = useState(false);
  const guard = useGuard(typed);
  const send = useSend(async ({ values, code }: { values: ApplicationInput; code: string }) => {
    const params = { header: { 'If-Match': `"${status.version}"` } };
    try {
      return await answer(api.POST('/registrations/correction', { params, body: { token, code, application: values } }));
    } catch (error) {
      placeApplicationFaults(form, error);
      throw error;
    }
  }, again);
  return (
    <>
      <ProblemAlert error={ready ? null : send.error} faults={[]} />
      <ApplicationForm
        form={form}
        initial={application}
        papers={status.images}
        changed={() => setTyped(true)}
        submit={(values) => {
          // A number that was shown to be the contact's own needs no second code.
          if (values.contact?.mobile === application.contact?.mobile) void send.run({ values, code: '' });
          else setReady(values);
        }}
        foot={
          <div className="form-foot">
            <Button type="primary" htmlType="submit" size="large" loading={send.pending}>
              {t('更正后重新提交')}
            </Button>
          </div>
        }
      />
      {ready && <CodeDialog mobile={ready.contact?.mobile ?? ''} pending={send.pending} error={send.error} submit={(code) => void send.run({ values: ready, code })} close={() => setReady(null)} />}
      {guard}
    </>
  );
}
