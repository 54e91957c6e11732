/** A rejected application, corrected by an office on the unit's behalf and submitted again. */
import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useParams } from 'react-router';
import { answer, api } from '../../api/client';
import type { ApplicationInput, ImageLinks, RegistrationView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Load } from '../../kit/states';
import { OnBehalf } from './OnBehalf';

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
  const reason = view.reviews.at(-1);
  return (
    <section className="panel">
      {reason && <Alert className="gap" type="warning" showIcon title={t('被退回')} description={`${reason.text}（${reason.by_name}）`} />}
      <OnBehalf
        initial={application}
        papers={papers}
        send={(body, key) => {
          const params = { path: { registration: view.id }, header: { 'Idempotency-Key': key, 'If-Match': `"${view.version}"` } };
          return answer(api.PUT('/registrations/{registration}', { params, body }));
        }}
        button={t('更正后重新提交')}
        next={(id) => `/registration-query/${id}`}
      />
    </section>
  );
}
