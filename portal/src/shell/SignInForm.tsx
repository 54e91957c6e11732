/** User name, password, captcha, and – when the account has one – the code of its authenticator. */
import { LockOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { Refused } from '../api/problem';
import { keys } from '../api/queries';
import type { AccountView } from '../api/schema.gen';
import { COOKIE_MODE, sessionBegan } from '../api/session';
import { useT } from '../i18n';
import { ProblemAlert, placeFaults } from '../kit/problem';
import { useSend } from '../kit/send';
import { useCaptcha } from './Captcha';

interface Values {
  user_name: string;
  password: string;
  captcha: string;
  totp?: string;
}

const FIELDS = new Set(['user_name', 'password', 'captcha', 'totp']);

export function SignInForm({ done }: { done: (account: AccountView) => unknown }) {
  const t = useT();
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [factor, setFactor] = useState(false);
  const captcha = useCaptcha();
  const send = useSend(
    async ({ captcha: sum, ...rest }: Values) => {
      try {
        return await answer(
          api.POST('/sessions', { headers: COOKIE_MODE, body: { ...rest, captcha: { id: captcha.id ?? '', answer: sum.trim() } } }),
        );
      } catch (error) {
        // A captcha is used up by every attempt.
        captcha.refresh();
        form.setFieldValue('captcha', '');
        if (error instanceof Refused && (error.code === 'TOTP_REQUIRED' || error.code === 'TOTP_WRONG')) setFactor(true);
        if (error instanceof Refused) {
          const faults = error.faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/captcha\/.*/, '/captcha') }));
          placeFaults(form, faults, FIELDS);
        }
        throw error;
      }
    },
    async ({ account }) => {
      sessionBegan();
      queries.removeQueries({ queryKey: keys.me });
      await done(account);
    },
  );
  const asksFactor = send.error instanceof Refused && send.error.code === 'TOTP_REQUIRED';
  return (
    <Form form={form} layout="vertical" size="large" onFinish={(values) => void send.run(values)} aria-label={t('登录')}>
      <ProblemAlert error={asksFactor ? null : send.error} faults={[]} />
      <Form.Item name="user_name" label={t('用户名')} rules={[{ required: true, message: t('请输入用户名') }]} hidden={factor}>
        <Input prefix={<UserOutlined aria-hidden />} autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={t('密码')} rules={[{ required: true, message: t('请输入密码') }]} hidden={factor}>
        <Input.Password prefix={<LockOutlined aria-hidden />} autoComplete="current-password" />
      </Form.Item>
      {factor && (
        <Form.Item
          name="totp"
          label={t('动态口令')}
          extra={t('请打开手机上的身份验证器，输入6位数字，并回答新的验证码。')}
          rules={[{ required: true, pattern: /^\d{6}$/, message: t('请输入6位数字') }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus />
        </Form.Item>
      )}
      {captcha.field}
      <Button type="primary" htmlType="submit" block loading={send.pending} disabled={!captcha.id}>
        {t('登录')}
      </Button>
    </Form>
  );
}
