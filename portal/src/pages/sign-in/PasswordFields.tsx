/** A new password, twice. The server judges it; here only what every reader sees. */
import { Form, Input } from 'antd';
import { useT } from '../../i18n';

export interface PasswordValues {
  password: string;
  again: string;
}

export function PasswordFields() {
  const t = useT();
  return (
    <>
      <Form.Item
        name="password"
        label={t('新密码')}
        extra={t('至少10个字符，不能是用户名或常见密码')}
        rules={[{ required: true, message: t('请输入新密码') }, { min: 10, message: t('至少10个字符') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('再次输入新密码')}
        dependencies={['password']}
        rules={[
          { required: true, message: t('请再次输入新密码') },
          ({ getFieldValue }) => ({
            validator: (_, value: string | undefined) => (!value || value === getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('两次输入的密码不一致')))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
