/** Setting up an authenticator (动态口令) for a back-office account. */
import { Alert, App, Form, Input, Modal, QRCode } from 'antd';
import { useEffect, useState } from 'react';
import { answer, api } from '../api/client';
import { useT } from '../i18n';
import { ProblemAlert } from '../kit/problem';
import { useSend } from '../kit/send';

export function SecondFactor({ close }: { close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ code: string; secret: string }>();
  const [uri, setUri] = useState('');
  const begin = useSend(
    () => answer(api.POST('/me/totp')),
    (factor) => {
      setUri(factor.uri);
      form.setFieldsValue({ secret: factor.secret });
    },
  );
  const confirm = useSend(
    (body: { code: string }) => answer(api.PUT('/me/totp', { body })),
    () => {
      message.success(t('动态口令已启用，以后每次登录都需要输入'));
      close();
    },
  );
  const { run } = begin;
  useEffect(() => void run(), [run]);
  return (
    <Modal
      open
      title={t('设置动态口令')}
      okText={t('启用')}
      okButtonProps={{ loading: confirm.pending, disabled: begin.error !== null }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <ProblemAlert error={begin.error ?? confirm.error} />
      {!begin.error && (
        <Form form={form} layout="vertical" onFinish={(values) => void confirm.run({ code: values.code })}>
          <Alert type="info" className="gap" title={t('请用手机的身份验证器扫描二维码（或填入密钥），再输入它显示的6位数字。')} />
          {uri && (
            <div className="qr gap">
              <QRCode type="svg" value={uri} size={176} aria-label={t('二维码')} />
            </div>
          )}
          <Form.Item name="secret" label={t('密钥')}>
            <Input readOnly />
          </Form.Item>
          <Form.Item name="code" label={t('动态口令')} rules={[{ required: true, pattern: /^\d{6}$/, message: t('请输入6位数字') }]}>
            <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus />
          </Form.Item>
        </Form>
      )}
    </Modal>
  );
}
