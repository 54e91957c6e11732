/** An application that an office sends on a unit's behalf, for the first time or corrected. Afterwards somebody else reviews it. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { keys } from '../../api/queries';
import type { ApplicationInput, ImageLinks, RegistrationOutcome } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import type { Sending } from '../../kit/send';
import { ApplicationForm, placeApplicationFaults } from '../unit-registration/ApplicationForm';

/** Its form: guarded until it is sent, and left then for the page that `next` names. */
export function useOnBehalf(next: (id: string) => string) {
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
  const sent = ({ id }: RegistrationOutcome) => {
    message.success(t('已提交，由其他人审核'));
    void queries.invalidateQueries({ queryKey: keys.tasks });
    void queries.invalidateQueries({ queryKey: ['registrations'] });
    // What is being corrected is not read again: that would leave an entry in the trail.
    void queries.invalidateQueries({ queryKey: ['registration', id], predicate: ({ queryKey }) => queryKey[2] !== 'application' });
    leaveFor(next(id));
  };
  /** What the server refuses stands beside its fields. */
  const attempt = async (call: Promise<RegistrationOutcome>) => {
    try {
      return await call;
    } catch (error) {
      placeApplicationFaults(form, error);
      throw error;
    }
  };
  return { form, guard, setDirty, leaveFor, sent, attempt };
}

interface Props {
  behalf: ReturnType<typeof useOnBehalf>;
  sending: Sending<ApplicationInput, unknown>;
  initial?: ApplicationInput;
  papers?: ImageLinks[];
  button: string;
  dialog?: ReactNode;
}

export function OnBehalf({ behalf, sending, initial, papers, button, dialog }: Props) {
  return (
    <>
      <ApplicationForm
        form={behalf.form}
        {...(initial ? { initial } : {})}
        {...(papers ? { papers } : {})}
        changed={() => behalf.setDirty(true)}
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
      {dialog}
      {behalf.guard}
    </>
  );
}
