/** Sets the password by the link of a text message. The token stands behind the #, which browsers send nowhere. */
import { Button, Form } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { useT, type Key } from '../../i18n';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Door } from './Door';
import { PasswordFields, type PasswordValues } from './PasswordFields';

export default function SetPassword() {
  const t = useT();
  const navigate = useNavigate();
  const [form] = Form.useForm<PasswordValues>();
  const [token] = useState(() => globalThis.location.hash.slice(1));
  // Out of the address bar and the history, where somebody else could find it.
  useEffect(() => globalThis.history.replaceState(globalThis.history.state, '', globalThis.location.pathname), []);
  const send = useSend(
    async ({ password }: PasswordValues) => {
      try {
        await answer(api.POST('/passwords', { body: { token, password } }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['password']));
        throw error;
      }
    },
    () => {
      const said: Key = '密码已设置，请登录';
      return navigate('/sign-in', { state: { said } });
    },
  );
  return (
    <Door>
      <h1>{t('设置密码')}</h1>
      {token ? (
        <Form form={form} layout="vertical" size="large" onFinish={(values) => void send.run(values)}>
          <ProblemAlert error={send.error} />
          <PasswordFields />
          <Button type="primary" htmlType="submit" block loading={send.pending}>
            {t('设置密码')}
          </Button>
        </Form>
      ) : (
        <p role="alert">{t('链接不完整，请从短信中重新打开；链接72小时内有效。')}</p>
      )}
      <div className="door-links">
        <Link to="/sign-in">{t('返回登录')}</Link>
      </div>
    </Door>
  );
}
