/** 单位注册 by an office on a unit's behalf: no code is asked for, and somebody else reviews it. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { ApplicationInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { ApplicationForm, placeApplicationFaults } from '../unit-registration/ApplicationForm';

export default function RegisterOnBehalf() {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<ApplicationInput>();
  const [dirty, setDirty] = useState(false);
  const [registered, setRegistered] = useState<string | null>(null);
  const guard = useGuard(dirty && registered === null);
  useEffect(() => {
    // In an effect after the guard's: it has let go by then.
    if (registered !== null) void navigate(`/registration-review/${registered}`);
  }, [registered, navigate]);
  const send = useSend(
    async (body: ApplicationInput, key) => {
      try {
        return await answer(api.POST('/registrations/on-behalf', { params: { header: { 'Idempotency-Key': key } }, body }));
      } catch (error) {
        placeApplicationFaults(form, error);
        throw error;
      }
    },
    ({ id }) => {
      message.success(t('已提交，由其他人审核'));
      void queries.invalidateQueries({ queryKey: keys.tasks });
      setRegistered(id);
    },
  );
  return (
    <>
      <h1>{t('单位注册')}</h1>
      <section className="panel">
        <p className="quiet">{t('代单位注册不需要短信验证码；录入的人不能审核自己录入的申请。')}</p>
        <ApplicationForm
          form={form}
          changed={() => setDirty(true)}
          submit={(values) => void send.run(values)}
          foot={
            <>
              <ProblemAlert error={send.error} faults={[]} />
              <div className="form-foot">
                <Button type="primary" htmlType="submit" loading={send.pending}>
                  {t('提交申请')}
                </Button>
              </div>
            </>
          }
        />
      </section>
      {guard}
    </>
  );
}
