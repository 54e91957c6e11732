/** A rejected application, corrected by an office on the unit's behalf and submitted again. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { keys } from '../../api/queries';
import type { ApplicationInput, ImageLinks, RegistrationView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Load } from '../../kit/states';
import { ApplicationForm, placeApplicationFaults } from '../unit-registration/ApplicationForm';

interface Rejected {
  view: RegistrationView;
  application: ApplicationInput;
  papers: ImageLinks[];
}

export default function CorrectOnBehalf() {
  const t = useT();
  const { registration = '' } = useParams();
  const query = useQuery({
    queryKey: ['registration', registration, 'application'],
    queryFn: async (): Promise<Rejected> => {
      const params = { path: { registration } };
      const [view, application, papers] = await Promise.all([
        answer(api.GET('/registrations/{registration}', { params })),
        answer(api.GET('/registrations/{registration}/application', { params })),
        answer(api.GET('/registrations/{registration}/images', { params })),
      ]);
      return { view, application, papers };
    },
    // Each reading leaves an entry in the trail, and what is being typed must not change.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <>
      <h1>{t('更正注册申请')}</h1>
      <Load query={query}>{(rejected) => <Loaded {...rejected} />}</Load>
    </>
  );
}

function Loaded({ view, application, papers }: Rejected) {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<ApplicationInput>();
  const [dirty, setDirty] = useState(false);
  const [done, setDone] = useState(false);
  const guard = useGuard(dirty && !done);
  useEffect(() => {
    // In an effect after the guard's: it has let go by then.
    if (done) void navigate(`/registration-query/${view.id}`);
  }, [done, navigate, view.id]);
  const send = useSend(
    async (body: ApplicationInput, key) => {
      const params = { path: { registration: view.id }, header: { 'Idempotency-Key': key, 'If-Match': `"${view.version}"` } };
      try {
        return await answer(api.PUT('/registrations/{registration}', { params, body }));
      } catch (error) {
        placeApplicationFaults(form, error);
        throw error;
      }
    },
    () => {
      message.success(t('已提交，由其他人审核'));
      void queries.invalidateQueries({ queryKey: keys.tasks });
      void queries.invalidateQueries({ queryKey: ['registrations'] });
      void queries.invalidateQueries({ queryKey: ['registration', view.id], predicate: ({ queryKey }) => queryKey[2] !== 'application' });
      setDone(true);
    },
  );
  const reason = view.reviews.at(-1);
  return (
    <section className="panel">
      {reason && <Alert className="gap" type="warning" showIcon title={t('被退回')} description={`${reason.text}（${reason.by_name}）`} />}
      <ApplicationForm
        form={form}
        initial={application}
        papers={papers}
        changed={() => setDirty(true)}
        submit={(values) => void send.run(values)}
        foot={
          <>
            <ProblemAlert error={send.error} faults={[]} />
            <div className="form-foot">
              <Button type="primary" htmlType="submit" loading={send.pending}>
                {t('更正后重新提交')}
              </Button>
            </div>
          </>
        }
      />
      {guard}
    </section>
  );
}
