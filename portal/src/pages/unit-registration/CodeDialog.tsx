/** The code that shows that the contact's number is the contact's own: captcha, text message, countdown. */
import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { answer, api } from '../../api/client';
import { useT } from '../../i18n';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { useCaptcha } from '../../shell/Captcha';

/** A number gets one code a minute. */
const AGAIN_S = 60;

interface Props {
  mobile: string;
  pending: boolean;
  error: Error | null;
  submit: (code: string) => void;
  close: () => void;
}

export function CodeDialog({ mobile, pending, error, submit, close }: Props) {
  const t = useT();
  const [form] = Form.useForm<{ captcha: string; code: string }>();
  const [wait_s, setWait] = useState(0);
  const captcha = useCaptcha();
  useEffect(() => {
    if (wait_s <= 0) return undefined;
    const timer = setTimeout(() => setWait(wait_s - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait_s]);
  const ask = useSend(
    async (sum: string) => {
      try {
        await answer(api.POST('/registration-codes', { body: { mobile, captcha: { id: captcha.id ?? '', answer: sum.trim() } } }));
      } finally {
        captcha.refresh();
        form.setFieldValue('captcha', '');
      }
    },
    () => setWait(AGAIN_S),
  );
  // The captcha is for getting a code, not for submitting it.
  const check = () => {
    form.validateFields(['code']).then(({ code }) => submit(code), () => undefined);
  };
  return (
    <Modal open title={t('验证联系人手机')} okText={t('提交申请')} okButtonProps={{ loading: pending }} onOk={check} onCancel={close}>
      <p>{t('验证码将发送到{mobile}，5分钟内有效。', { mobile })}</p>
      <ProblemAlert error={ask.error ?? error} />
      <Form form={form} layout="vertical">
        {captcha.field}
        <Button
          className="gap"
          disabled={wait_s > 0 || !captcha.id}
          loading={ask.pending}
          onClick={() => {
            form.validateFields(['captcha']).then(({ captcha: sum }) => ask.run(sum), () => undefined);
          }}
        >
          {wait_s > 0 ? t('{s}秒后可重新获取', { s: wait_s }) : t('获取短信验证码')}
        </Button>
        <Form.Item name="code" label={t('短信验证码')} rules={[{ required: true, pattern: /^\d{6}$/, message: t('请输入6位数字') }]}>
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} onPressEnter={check} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
