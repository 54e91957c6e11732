/** An application that an office sends on a unit's behalf, for the first time or corrected. Afterwards somebody else reviews it. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { keys } from '../../api/queries';
import type { ApplicationInput, ImageLinks, RegistrationOutcome } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { ApplicationForm, placeApplicationFaults } from '../unit-registration/ApplicationForm';

interface Props {
  initial?: ApplicationInput;
  papers?: ImageLinks[];
  /** Sends it, under an idempotency key. */
  send: (application: ApplicationInput, key: string) => Promise<RegistrationOutcome>;
  button: string;
  /** The page that shows it then. */
  next: (id: string) => string;
}

export function OnBehalf({ initial, papers, send, button, next }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<ApplicationInput>();
  const [dirty, setDirty] = useState(false);
  const [left, leaveFor] = useState<string | null>(null);
  const guard = useGuard(dirty && left === null);
  useEffect(() => {
    // In an effect after the guard's: it has let go by then.
    if (left !== null) void navigate(left);
  }, [left, navigate]);
  const sending = useSend(
    async (application: ApplicationInput, key) => {
      try {
        return await send(application, key);
      } catch (error) {
        placeApplicationFaults(form, error);
        throw error;
      }
    },
    ({ id }) => {
      message.success(t('已提交，由其他人审核'));
      void queries.invalidateQueries({ queryKey: keys.tasks });
      void queries.invalidateQueries({ queryKey: ['registrations'] });
      // What is being corrected is not read again: that would leave an entry in the trail.
      void queries.invalidateQueries({ queryKey: ['registration', id], predicate: ({ queryKey }) => queryKey[2] !== 'application' });
      leaveFor(next(id));
    },
  );
  return (
    <>
      <ApplicationForm
        form={form}
        {...(initial ? { initial } : {})}
        {...(papers ? { papers } : {})}
        changed={() => setDirty(true)}
        submit={(values) => void sending.run(values)}
        foot={
          <>
            <ProblemAlert error={sending.error} faults={[]} />
            <div className="form-foot">
              <Button type="primary" htmlType="submit" loading={sending.pending}>
                {button}
              </Button>
            </div>
          </>
        }
      />
      {guard}
    </>
  );
}
