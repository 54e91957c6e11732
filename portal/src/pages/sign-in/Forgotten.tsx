/** 忘记密码: a code goes to the registered mobile number, whether there is such an account or not; then the new password. */
import { Button, Form, Input, Steps } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { useT, type Key } from '../../i18n';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { useCaptcha } from '../../shell/Captcha';
import { Door } from './Door';
import { PasswordFields, type PasswordValues } from './PasswordFields';

/** A number gets one code a minute. */
const AGAIN_S = 60;

export default function Forgotten() {
  const t = useT();
  const navigate = useNavigate();
  const [userName, setUserName] = useState('');
  const [step, setStep] = useState(0);
  const [wait_s, setWait] = useState(0);
  useEffect(() => {
    if (wait_s <= 0) return undefined;
    const timer = setTimeout(() => setWait(wait_s - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait_s]);
  const [ask] = Form.useForm<{ user_name: string; captcha: string }>();
  const [reset] = Form.useForm<PasswordValues & { code: string }>();
  const captcha = useCaptcha();
  const asking = useSend(
    async ({ user_name, captcha: sum }: { user_name: string; captcha: string }) => {
      try {
        await answer(api.POST('/passwords/forgotten', { body: { user_name, captcha: { id: captcha.id ?? '', answer: sum.trim() } } }));
        return user_name;
      } catch (error) {
        if (error instanceof Refused) {
          placeFaults(ask, error.faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/captcha\/.*/, '/captcha') })), new Set(['user_name', 'captcha']));
        }
        throw error;
      } finally {
        captcha.refresh();
        ask.setFieldValue('captcha', '');
      }
    },
    (name) => {
      setUserName(name);
      setWait(AGAIN_S);
      setStep(1);
    },
  );
  const setting = useSend(
    async ({ code, password }: PasswordValues & { code: string }) => {
      try {
        await answer(api.POST('/passwords/reset', { body: { user_name: userName, code, password } }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(reset, error.faults, new Set(['code', 'password']));
        throw error;
      }
    },
    () => {
      const said: Key = '新密码已设置，请登录';
      return navigate('/sign-in', { state: { said } });
    },
  );
  return (
    <Door>
      <h1>{t('忘记密码')}</h1>
      <Steps size="small" current={step} items={[{ title: t('验证身份') }, { title: t('设置新密码') }]} className="gap" />
      {step === 0 ? (
        <Form form={ask} layout="vertical" size="large" onFinish={(values) => void asking.run(values)}>
          <ProblemAlert error={asking.error} faults={[]} />
          <Form.Item name="user_name" label={t('用户名')} rules={[{ required: true, message: t('请输入用户名') }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          {captcha.field}
          <Button type="primary" htmlType="submit" block loading={asking.pending} disabled={!captcha.id || wait_s > 0}>
            {wait_s > 0 ? t('{s}秒后可重新获取', { s: wait_s }) : t('获取短信验证码')}
          </Button>
        </Form>
      ) : (
        <Form form={reset} layout="vertical" size="large" onFinish={(values) => void setting.run(values)}>
          <p>{t('如果该用户名存在，6位验证码已发送到其登记的手机，5分钟内有效。')}</p>
          <ProblemAlert error={setting.error} faults={[]} />
          <Form.Item name="code" label={t('短信验证码')} rules={[{ required: true, pattern: /^\d{6}$/, message: t('请输入6位数字') }]}>
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus />
          </Form.Item>
          <PasswordFields />
          <Button type="primary" htmlType="submit" block loading={setting.pending}>
            {t('设置新密码')}
          </Button>
          <Button type="link" block onClick={() => setStep(0)}>
            {wait_s > 0 ? t('没有收到？{s}秒后可重新获取', { s: wait_s }) : t('没有收到？重新获取')}
          </Button>
        </Form>
      )}
      <div className="door-links">
        <Link to="/sign-in">{t('返回登录')}</Link>
      </div>
    </Door>
  );
}
