/** A rejected application, corrected by an office on the unit's behalf and submitted again. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert } from 'antd';
import { useParams } from 'react-router';
import { answer, api } from '../../api/client';
import type { ApplicationInput, ImageLinks, RegistrationView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Load } from '../../kit/states';
import { useVersioned } from '../../kit/versioned';
import { keptLines, typedLines } from '../unit-registration/lines';
import { OnBehalf, useOnBehalf } from './OnBehalf';

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
      <Load query={query}>{(rejected) => <Loaded key={rejected.view.version} {...rejected} />}</Load>
    </>
  );
}

function Loaded({ view, application, papers }: Rejected) {
  const t = useT();
  const queries = useQueryClient();
  const reason = view.reviews.at(-1);
  const page = (id: string) => `/registration-query/${id}`;
  const behalf = useOnBehalf(page);
  const params = { path: { registration: view.id } };
  const queryKey = ['registration', view.id];
  const command = useVersioned<RegistrationView, ApplicationInput>({
    seen: view,
    read: () => answer(api.GET('/registrations/{registration}', { params })),
    basis: (now) => keptLines(now, t),
    mine: (values) => typedLines(values, view, t),
    said: t('您打开本页之后，有人更正了这份申请，又被退回。请比较后决定。'),
    over: ({ state, state_name }) => (state === view.state ? undefined : t('申请现在处于“{state}”，不能再更正。', { state: state_name })),
    send: async (body, header) => behalf.sent(await behalf.attempt(answer(api.PUT('/registrations/{registration}', { params: { ...params, header }, body })))),
    refresh: () => queries.invalidateQueries({ queryKey, predicate: ({ queryKey: [, , part] }) => part !== 'application' }),
    taken: ({ id, state }) => {
      if (state !== view.state) {
        behalf.leaveFor(page(id));
        return;
      }
      behalf.setDirty(false);
      void queries.invalidateQueries({ queryKey });
    },
  });
  return (
    <section className="panel">
      {reason && <Alert className="gap" type="warning" showIcon title={t('被退回')} description={`${reason.text}（${reason.by_name}）`} />}
      <OnBehalf behalf={behalf} sending={command} initial={application} papers={papers} button={t('更正后重新提交')} dialog={command.dialog} />
    </section>
  );
}
