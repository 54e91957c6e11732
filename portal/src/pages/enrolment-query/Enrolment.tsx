/** One enrolment with everything about it. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Segmented, Space, Tabs } from 'antd';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { enrolment as enrolmentQuery, files as filesQuery } from '../../api/queries';
import type { EnrolmentView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ReceiptTable } from '../../kit/Receipts';
import { CertificatePapers } from '../../kit/certificate';
import { Hand } from '../../kit/dispatch';
import { Attachments, BaseFacts, Distribution, Earlier, EnrolmentTrail, PlanTable, SelfCheck } from '../../kit/enrolment';
import { Members } from '../../kit/members';
import { RosterExport } from '../../kit/RosterExport';
import { Empty, Load } from '../../kit/states';
import { Withdraw } from '../../kit/Withdraw';
import { useMay } from '../../shell/access';
import { AmendableReceipts } from './Amend';

const EARLY = new Set(['drafting', 'first-review']);
const LATE = new Set([...EARLY, 'second-review', 'final-review', 'invoicing', 'awaiting-payment']);

/** Money was confirmed: receipts are issued, and can be voided. */
const PAID = new Set(['awaiting-print', 'awaiting-archive', 'completed']);

/** Whose pool the open task of an enrolment belongs to. */
const LEVEL_OF: Record<string, string> = { 'first-review': 'first-review', 'second-review': 'second-review', 'final-review': 'final-review', 'awaiting-payment': 'payment', 'awaiting-archive': 'archive' };

export default function Enrolment() {
  const { enrolment: id = '' } = useParams();
  const query = useQuery(enrolmentQuery(id));
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: EnrolmentView }) {
  const t = useT();
  const may = useMay();
  const [withdrawing, setWithdrawing] = useState(false);
  const [handing, setHanding] = useState(false);
  const level = LEVEL_OF[view.state];
  // A link may lead to one of the tabs: finance comes for the receipts.
  const [params] = useSearchParams();
  const [plan, setPlan] = useState(view.plans[0]?.code ?? '');
  const withdrawable = (may('withdraw-late') && LATE.has(view.state)) || (may('withdraw-early') && EARLY.has(view.state));
  return (
    <>
      <div className="page-head">
        <h1>
          {view.unit_name} <span className="figures quiet">{view.application_number}</span>
        </h1>
        <Space>
          {may('dispatch-tasks') && view.task && level && <Button onClick={() => setHanding(true)}>{t('调度')}</Button>}
          {withdrawable && (
            <Button danger onClick={() => setWithdrawing(true)}>
              {t('撤销')}
            </Button>
          )}
        </Space>
      </div>
      {view.return_reason && <Alert type="warning" showIcon className="gap" title={t('被退回')} description={view.return_reason} />}
      <div className="panel">
        <BaseFacts enrolment={view} />
        <PlanTable enrolment={view} />
      </div>
      <div className="panel">
        <Tabs
          defaultActiveKey={params.get('tab') ?? 'trail'}
          items={[
            { key: 'trail', label: t('流程轨迹'), children: <EnrolmentTrail id={view.id} /> },
            {
              key: 'members',
              label: t('人员清单'),
              children: plan ? (
                <>
                  <Space className="gap" wrap>
                    {view.plans.length > 1 && <Segmented value={plan} onChange={setPlan} options={view.plans.map(({ code, variant }) => ({ value: code, label: variant }))} />}
                    <RosterExport filter={{ application_number: view.application_number }} what={t('本参保单的人员清单。')} />
                  </Space>
                  <Members key={plan} enrolment={view} plan={plan} />
                </>
              ) : (
                <Empty title={t('没有人员清单')} hint={t('无名单参保，或还没有导入人员。')} />
              ),
            },
            { key: 'check', label: t('参保自核信息'), children: <SelfCheck enrolment={view} /> },
            { key: 'distribution', label: t('参保人信息分布'), children: <Distribution enrolment={view} /> },
            {
              key: 'receipts',
              label: t('开票信息'),
              children: (
                <>
                  {may('amend-receipts') && PAID.has(view.state) ? <AmendableReceipts view={view} /> : <ReceiptTable enrolment={view} />}
                  <ReceiptFiles id={view.id} />
                </>
              ),
            },
            { key: 'certificate', label: t('确认书'), children: <CertificatePapers enrolment={view} /> },
            { key: 'attachments', label: `${t('附件信息')} ${view.attachments.length}`, children: <Attachments enrolment={view} /> },
            { key: 'earlier', label: t('既往参保信息'), children: <Earlier enrolment={view} /> },
          ]}
        />
      </div>
      {handing && view.task && level && <Hand task={{ id: view.task, application_number: view.application_number, enrolment: view.id }} level={level} close={() => setHanding(false)} />}
      {withdrawing && <Withdraw enrolment={view} close={() => setWithdrawing(false)} />}
    </>
  );
}

/** Links to the e-receipts; asked for only when wanted, as reading files leaves a trail. */
function ReceiptFiles({ id }: { id: string }) {
  const t = useT();
  const [wanted, setWanted] = useState(false);
  const files = useQuery({ ...filesQuery(id), enabled: wanted });
  const receipts = files.data?.filter(({ kind }) => kind === 'receipt') ?? [];
  return (
    <div className="gap-top">
      <Button loading={files.isFetching} onClick={() => setWanted(true)}>
        {t('电子票据下载')}
      </Button>
      {files.data && (
        <ul className="downloads">
          {receipts.length === 0 && <li>{t('还没有开具电子票据')}</li>}
          {receipts.map((file) => (
            <li key={file.of}>
              <a href={file.url} target="_blank" rel="noreferrer">
                {file.file_name}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
