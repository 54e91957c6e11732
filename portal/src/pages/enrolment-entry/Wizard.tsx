/** 新建参保录入: three steps on one enrolment. The step is in the address, so that one comes back to where one was. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Steps } from 'antd';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { enrolment as enrolmentQuery } from '../../api/queries';
import type { EnrolmentView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Empty, Load } from '../../kit/states';
import { Withdraw } from '../../kit/Withdraw';
import { Details } from './Details';
import { Plans } from './Plans';
import { Rosters } from './Rosters';

const STEPS = ['plans', 'rosters', 'details'] as const;
type Step = (typeof STEPS)[number];

/** While an import runs, its end is looked for. */
const IMPORT_EVERY_MS = 1500;

const importing = (view: EnrolmentView | undefined) => view?.batches.some((batch) => !batch.outcome) ?? false;

export default function Wizard() {
  const { enrolment: id = '' } = useParams();
  const query = useQuery({ ...enrolmentQuery(id), refetchInterval: ({ state }) => (importing(state.data) ? IMPORT_EVERY_MS : false) });
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: EnrolmentView }) {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const [withdrawing, setWithdrawing] = useState(false);
  const asked = params.get('step') as Step | null;
  const furthest = view.plans.length === 0 ? 0 : 2;
  const at = Math.min(asked && STEPS.includes(asked) ? STEPS.indexOf(asked) : view.plans.length === 0 ? 0 : 1, furthest);
  const go = (step: number) => setParams({ step: STEPS[step] ?? 'plans' });
  if (view.state !== 'drafting') {
    const show = (
      <Link to={`/enrolment-query/${view.id}`}>
        <Button type="primary">{t('查看')}</Button>
      </Link>
    );
    return (
      <div className="panel">
        <Empty title={t('参保单现在处于“{state}”，不能再修改。', { state: view.state_name })} action={show} />
      </div>
    );
  }
  return (
    <>
      <div className="page-head">
        <h1>
          {t('参保录入')} <span className="figures quiet">{view.application_number}</span>
        </h1>
        <Button danger onClick={() => setWithdrawing(true)}>
          {t('撤销')}
        </Button>
      </div>
      {view.return_reason && <Alert type="warning" showIcon className="gap" title={t('被退回')} description={view.return_reason} />}
      <div className="panel">
        <Steps
          current={at}
          onChange={go}
          items={[
            { title: t('保障活动录入') },
            { title: t('人员清单维护'), disabled: furthest < 1 },
            { title: t('参保信息录入'), disabled: furthest < 2 },
          ]}
        />
      </div>
      {at === 0 && <Plans view={view} next={() => go(1)} />}
      {at === 1 && <Rosters view={view} back={() => go(0)} next={() => go(2)} />}
      {at === 2 && <Details view={view} back={() => go(1)} toRosters={() => go(1)} />}
      {withdrawing && <Withdraw enrolment={view} close={() => setWithdrawing(false)} />}
    </>
  );
}
