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
import { Facts, Tag } from '../../kit/show';
import { Load } from '../../kit/states';
import { useVersioned } from '../../kit/versioned';
import { Door } from '../sign-in/Door';
import { ApplicationForm, placeApplicationFaults } from './ApplicationForm';
import { CodeDialog } from './CodeDialog';
import { typedLines } from './lines';

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
      {token ? <Load query={query}>{(status) => <Shown key={status.version} status={status} token={token} again={query.refetch} />}</Load> : <p role="alert">{t('链接不完整，请从短信中重新打开。')}</p>}
      <div className="door-links">
        <Link to="/sign-in">{t('返回登录')}</Link>
      </div>
    </Door>
  );
}

function Shown({ status, token, again }: { status: RegistrationStatus; token: string; again: () => Promise<unknown> }) {
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

/** What is sent, with the code that shows whose number it is. */
interface Sent {
  values: ApplicationInput;
  code: string;
}

/** The agency of an application that is to be corrected, by name. */
const known = ({ application, agency_name }: RegistrationStatus) => ({ agency: application?.agency ?? '', agency_name });

function Correct({ status, application, token, again }: { status: RegistrationStatus; application: ApplicationInput; token: string; again: () => Promise<unknown> }) {
  const t = useT();
  const [form] = Form.useForm<ApplicationInput>();
  const [ready, setReady] = useState<ApplicationInput | null>(null);
  const [typed, setTyped] = useState(false);
  const guard = useGuard(typed);
  const command = useVersioned<RegistrationStatus, Sent>({
    seen: status,
    read: () => answer(api.POST('/registrations/status', { body: { token } })),
    basis: (now) => (now.application ? typedLines(now.application, known(now), t) : []),
    mine: ({ values }) => typedLines(values, known(status), t),
    said: t('您打开本页之后，有人更正了这份申请，又被退回。请比较后决定。'),
    over: ({ state, state_name }) => (state === status.state ? undefined : t('申请现在处于“{state}”，不能再更正。', { state: state_name })),
    send: async ({ values, code }, { 'If-Match': match }) => {
      try {
        await answer(api.POST('/registrations/correction', { params: { header: { 'If-Match': match } }, body: { token, code, application: values } }));
      } catch (error) {
        placeApplicationFaults(form, error);
        throw error;
      }
    },
    refresh: again,
  });
  const send = (sent: Sent) => {
    void command.run(sent);
  };
  return (
    <>
      <ProblemAlert error={ready ? null : command.error} faults={[]} />
      <ApplicationForm
        form={form}
        initial={application}
        papers={status.images}
        changed={() => setTyped(true)}
        submit={(values) => {
          // A number that was shown to be the contact's own needs no second code.
          if (values.contact?.mobile === application.contact?.mobile) send({ values, code: '' });
          else setReady(values);
        }}
        foot={
          <div className="form-foot">
            <Button type="primary" htmlType="submit" size="large" loading={command.pending}>
              {t('更正后重新提交')}
            </Button>
          </div>
        }
      />
      {ready && <CodeDialog mobile={ready.contact?.mobile ?? ''} pending={command.pending} error={command.error} submit={(code) => send({ values: ready, code })} close={() => setReady(null)} />}
      {command.dialog}
      {guard}
    </>
  );
}
