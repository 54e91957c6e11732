/** 归档: the scan beside the data it must agree with. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { enrolment as enrolmentQuery } from '../../api/queries';
import type { EnrolmentView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { certificateLinks } from '../../kit/certificate';
import { useCommand } from '../../kit/command';
import { BaseFacts, PlanTable } from '../../kit/enrolment';
import { SAVED, useGuard } from '../../kit/guard';
import { Ownership, useOwnTask } from '../../kit/ownership';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Facts } from '../../kit/show';
import { Empty, Load } from '../../kit/states';

export default function Archive() {
  const { enrolment: id = '' } = useParams();
  const query = useQuery(enrolmentQuery(id));
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: EnrolmentView }) {
  const t = useT();
  const own = useOwnTask(view, 'archive');
  const here = view.state === 'awaiting-archive';
  const links = useQuery({
    ...certificateLinks(view),
    enabled: view.certificate?.rendered ?? false,
    // The viewer must not start again while somebody reads; links live five minutes, an open document goes on.
    staleTime: Infinity,
  });
  const [shown, show] = useState<'scan' | 'certificate'>('scan');
  const address = shown === 'scan' ? links.data?.scan_url : links.data?.url;
  return (
    <>
      <h1>
        {view.unit_name} <span className="figures quiet">{view.certificate?.number}</span>
      </h1>
      {here ? <Ownership subject={view} level="archive" own={own} pool="/certificate-archiving" /> : <Alert className="gap" type="info" showIcon title={t('参保单现在处于“{state}”，不在本环节。', { state: view.state_name })} />}
      <div className="halves">
        <section className="panel viewer" aria-label={t('扫描件')}>
          <div className="panel-head">
            <Radio.Group
              optionType="button"
              value={shown}
              onChange={(event) => show(event.target.value as 'scan' | 'certificate')}
              options={[
                { value: 'scan', label: t('扫描件') },
                { value: 'certificate', label: t('平台出具的确认书') },
              ]}
            />
            {address && (
              <Button href={address} target="_blank" rel="noreferrer">
                {t('在新页面打开')}
              </Button>
            )}
          </div>
          {address ? <iframe src={address} title={shown === 'scan' ? t('扫描件') : t('平台出具的确认书')} /> : <Empty title={t('还没有扫描件')} hint={t('单位上传签字盖章的扫描件后可以归档。')} />}
        </section>
        <div>
          <section className="panel">
            <BaseFacts enrolment={view} />
            <PlanTable enrolment={view} />
            {view.certificate && (
              <Facts
                facts={[
                  [t('确认书号码'), view.certificate.number],
                  [t('版本'), view.certificate.revision],
                  [t('打印次数'), view.certificate.prints],
                ]}
              />
            )}
          </section>
          {here && own && (
            <section className="panel">
              <Decide view={view} />
            </section>
          )}
        </div>
      </div>
    </>
  );
}

interface Values {
  conclusion: 'pass' | 'send-back';
  note?: string;
}

function Decide({ view }: { view: EnrolmentView }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [opened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const conclusion = (Form.useWatch('conclusion', form) as Values['conclusion'] | undefined) ?? 'pass';
  const command = useCommand<Values>({
    seen: opened,
    basis: (seen) => [
      { label: t('扫描件'), value: seen.certificate?.scan ?? '–' },
      { label: t('版本'), value: String(seen.certificate?.revision ?? '–') },
    ],
    send: async ({ conclusion: chosen, note = '' }, header, id) => {
      try {
        return await answer(api.POST('/enrolments/{enrolment}/certificate/archive', { params: { path: { enrolment: id }, header }, body: { conclusion: chosen, note } }));
      } catch (error) {
        if (error instanceof Refused) {
          const faults = error.faults.map((fault) => (fault.pointer === '/reason' ? { ...fault, pointer: '/note' } : fault));
          placeFaults(form, faults, new Set(['note']));
        }
        throw error;
      }
    },
    done: () => {
      message.success(conclusion === 'pass' ? t('已归档') : t('已退回单位'));
      setDirty(false);
      void navigate('/certificate-archiving', { state: SAVED });
    },
  });
  return (
    <>
      <h2>{t('归档结论')}</h2>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ conclusion: 'pass' }} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="conclusion" label={t('结论')}>
          <Radio.Group
            options={[
              { value: 'pass', label: t('归档') },
              { value: 'send-back', label: t('退回重新上传') },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="note"
          label={conclusion === 'pass' ? t('备注') : t('退回原因')}
          rules={[{ required: conclusion !== 'pass', whitespace: conclusion !== 'pass', message: t('请填写原因') }]}
        >
          <Input.TextArea rows={3} maxLength={200} showCount />
        </Form.Item>
        <Button type="primary" htmlType="submit" danger={conclusion !== 'pass'} loading={command.pending}>
          {t('提交结论')}
        </Button>
      </Form>
      {command.dialog}
      {guard}
    </>
  );
}
