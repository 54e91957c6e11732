/** The certificate of one enrolment, as far as it has come. */
import { PrinterOutlined, ReloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Segmented, Space, Spin } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { filesInFull } from '../../api/queries';
import type { CertificateLinks, EnrolmentView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { Revisions, certificateLinks } from '../../kit/certificate';
import { BaseFacts, PlanTable } from '../../kit/enrolment';
import { Members } from '../../kit/members';
import { whenRendered } from '../../kit/opening';
import { ProblemAlert } from '../../kit/problem';
import { Facts } from '../../kit/show';
import { UploadBox } from '../../kit/uploads';
import { useMay } from '../../shell/access';

export function Certificate({ view }: { view: EnrolmentView }) {
  const t = useT();
  const may = useMay();
  const { message } = App.useApp();
  const [confirmed, confirm] = useState(false);
  const [plan, setPlan] = useState(view.plans[0]?.code ?? '');
  const [fresh, setLinks] = useState<CertificateLinks | null>(null);
  const files = useQuery(filesInFull(view.id));
  const { certificate } = view;
  const path = { enrolment: view.id };
  const read = () => whenRendered(() => answer(api.GET('/enrolments/{enrolment}/certificate', { params: { path } })));
  const print = useCommand({
    seen: view,
    basis: (seen) => [{ label: t('参保人数'), value: seen.plans.map(({ participants }) => participants).join('；') }],
    send: async (_: undefined, header) => {
      await answer(api.POST('/enrolments/{enrolment}/certificate/prints', { params: { path, header }, body: { roster_confirmed: confirmed || view.state !== 'awaiting-print' } }));
      setLinks(await read());
    },
    done: () => void message.success(t('打印已记录')),
  });
  const refresh = useCommand({
    seen: view,
    basis: () => [],
    send: (_: undefined, header) => answer(api.POST('/enrolments/{enrolment}/certificate/refresh', { params: { path, header } })),
    done: () => {
      setLinks(null);
      message.success(t('正在按单位的现有资料重新生成'));
    },
  });
  const scan = useCommand<string>({
    seen: view,
    basis: (seen) => [{ label: t('扫描件'), value: seen.certificate?.scan ?? '–' }],
    send: (upload, header) => answer(api.PUT('/enrolments/{enrolment}/certificate/scan', { params: { path, header }, body: { upload } })),
    done: () => void message.success(t('扫描件已上传，等待归档')),
  });
  const accepted = async ({ upload }: { upload: string }) => {
    if (!(await scan.run(upload))) throw new Error(t('文件已上传，但没有附到参保单'));
  };
  const first = view.state === 'awaiting-print';
  // Once it was printed, looking at it again is no print.
  const revision = certificate?.revision;
  const printed = useQuery({ ...certificateLinks(view), enabled: !first && (certificate?.rendered ?? false) });
  const links = fresh ?? printed.data;
  return (
    <>
      <BaseFacts enrolment={view} />
      <PlanTable enrolment={view} />
      <section className="panel inner">
          <div className="panel-head">
            <h2>{t('参保人员清单')}</h2>
            {may('unmask-numbers') && (
              <Button loading={files.isFetching} onClick={() => void files.refetch()}>
                {t('下载人员清单')}
              </Button>
            )}
          </div>
          {files.data && (
            <ul className="downloads">
              {files.data
                .filter(({ kind }) => kind === 'roster')
                .map((file) => (
                  <li key={file.of}>
                    <a href={file.url}>{file.file_name}</a>
                  </li>
                ))}
            </ul>
          )}
          <ProblemAlert error={files.error} />
          {view.plans.length > 1 && <Segmented className="gap" value={plan} onChange={setPlan} options={view.plans.map(({ code, variant }) => ({ value: code, label: variant }))} />}
          <Members key={plan} enrolment={view} plan={plan} />
        </section>
      {certificate && (
        <section className="panel inner">
          <h2>{t('确认书')}</h2>
          <Facts
            columns={4}
            facts={[
              [t('确认书号码'), certificate.number],
              [t('版本'), certificate.revision],
              [t('打印次数'), certificate.prints],
              [t('扫描件'), certificate.scan ?? '–'],
            ]}
          />
          {certificate.problem && <Alert type="error" showIcon className="gap" title={t('确认书未能生成')} description={certificate.problem} />}
          {certificate.archive_note && <Alert type={view.state === 'completed' ? 'success' : 'warning'} showIcon className="gap" title={view.state === 'completed' ? t('已归档') : t('扫描件被退回')} description={certificate.archive_note} />}
          {view.return_reason && view.state === 'awaiting-archive' && <Alert type="warning" showIcon className="gap" title={t('扫描件被退回')} description={view.return_reason} />}
          <ProblemAlert error={print.error ?? refresh.error} />
          {!certificate.rendered && !certificate.problem ? (
            <Spin description={t('正在生成确认书')}>
              <div className="spin-place" />
            </Spin>
          ) : (
            <Space wrap>
              {first && (
                <Checkbox checked={confirmed} onChange={(event) => confirm(event.target.checked)}>
                  {t('我已确认人员名单无误')}
                </Checkbox>
              )}
              <Button type="primary" icon={<PrinterOutlined aria-hidden />} disabled={(first && !confirmed) || !certificate.rendered} loading={print.pending} onClick={() => void print.run(undefined)}>
                {t('打印')}
              </Button>
              {links && (
                <Button href={links.url} target="_blank" rel="noreferrer">
                  {t('打开确认书')}
                </Button>
              )}
              {links && (
                <a href={links.verification_url} target="_blank" rel="noreferrer">
                  {t('公开验证页')}
                </a>
              )}
              {links?.scan_url && (
                <a href={links.scan_url} target="_blank" rel="noreferrer">
                  {t('打开扫描件')}
                </a>
              )}
              <Button icon={<ReloadOutlined aria-hidden />} loading={refresh.pending} onClick={() => void refresh.run(undefined)}>
                {t('刷新')}
              </Button>
            </Space>
          )}
          {(revision ?? 1) > 1 && <Revisions enrolment={view} />}
        </section>
      )}
      {view.state === 'awaiting-archive' && (
        <section className="panel inner">
          <h2>{t('上传签字盖章后的扫描件')}</h2>
          <ProblemAlert error={scan.error} />
          <UploadBox enrolment={view.id} purpose="certificate-scan" multiple={false} label={t('选择扫描件')} accepted={accepted} />
        </section>
      )}
      {print.dialog}
      {refresh.dialog}
      {scan.dialog}
    </>
  );
}
