/** Reviewing one enrolment: what is known of it in tabs, and the conclusion beside it. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Input, Radio, Segmented, Tabs } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { enrolment as enrolmentQuery } from '../../api/queries';
import type { EnrolmentView, ReviewInput } from '../../api/schema.gen';
import { minute, today } from '../../format/dates';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { Attachments, BaseFacts, Distribution, Earlier, EnrolmentTrail, PlanTable, SelfCheck } from '../../kit/enrolment';
import { SAVED, useGuard } from '../../kit/guard';
import { Members } from '../../kit/members';
import { Ownership, useOwnTask } from '../../kit/ownership';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Plain, Tag } from '../../kit/show';
import { Empty, Load } from '../../kit/states';
import { Phrases } from './Phrases';

const OPINION_MAX = 200;

export default function Review() {
  const { enrolment: id = '' } = useParams();
  const query = useQuery(enrolmentQuery(id));
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: EnrolmentView }) {
  const t = useT();
  const level = useLocation().pathname.split('/')[1] ?? '';
  const here = view.state === level;
  const own = useOwnTask(view, level);
  return (
    <>
      <div className="page-head">
        <h1>
          {view.unit_name} <span className="figures quiet">{view.application_number}</span>
        </h1>
      </div>
      {here ? <Ownership subject={view} level={level} own={own} pool={`/${level}`} /> : <Alert className="gap" type="info" showIcon title={t('参保单现在处于“{state}”，不在本环节。', { state: view.state_name })} />}
      <div className="with-side">
        <div>
          <div className="panel">
            <BaseFacts enrolment={view} />
            <PlanTable enrolment={view} />
          </div>
          <div className="panel">
            <Tabs
              items={[
                { key: 'check', label: t('参保自核信息'), children: <SelfCheck enrolment={view} /> },
                { key: 'distribution', label: t('参保人信息分布'), children: <Distribution enrolment={view} /> },
                { key: 'members', label: t('人员清单'), children: <Rosters view={view} /> },
                { key: 'earlier', label: t('既往参保信息'), children: <Earlier enrolment={view} /> },
                { key: 'trail', label: t('流程轨迹'), children: <EnrolmentTrail id={view.id} /> },
                { key: 'attachments', label: `${t('附件信息')} ${view.attachments.length}`, children: <Attachments enrolment={view} /> },
              ]}
            />
          </div>
        </div>
        <aside className="panel side-form">
          <Opinions view={view} />
          {here && own && <Conclude view={view} level={level} />}
        </aside>
      </div>
    </>
  );
}

function Rosters({ view }: { view: EnrolmentView }) {
  const [plan, setPlan] = useState(view.plans[0]?.code ?? '');
  const t = useT();
  if (!plan) return <Empty title={t('没有人员清单')} hint={t('无名单参保，或还没有导入人员。')} />;
  return (
    <>
      {view.plans.length > 1 && <Segmented className="gap" value={plan} onChange={setPlan} options={view.plans.map(({ code, variant }) => ({ value: code, label: variant }))} />}
      <Members key={plan} enrolment={view} plan={plan} />
    </>
  );
}

function Opinions({ view }: { view: EnrolmentView }) {
  const t = useT();
  if (view.opinions.length === 0) return null;
  return (
    <>
      <h2>{t('审核意见')}</h2>
      <Plain
        showHeader={false}
        rowKey="at"
        dataSource={view.opinions}
        columns={[
          {
            render: (_, opinion) => (
              <>
                <strong>{opinion.state_name}</strong> <Tag tone={opinion.approved ? 'good' : 'bad'}>{opinion.approved ? t('同意') : t('退回')}</Tag> {opinion.text}
                <div className="quiet">
                  {opinion.by_name} · {minute(opinion.at)}
                </div>
              </>
            ),
          },
        ]}
      />
    </>
  );
}

interface Values {
  conclusion: 'approve' | 'unit' | 'first-review';
  opinion?: string;
  effective_date?: Dayjs | null;
  final_review?: boolean;
}

function Conclude({ view, level }: { view: EnrolmentView; level: string }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [opened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  // What the office has decided for all its enrolments is not asked.
  const decided = { always: true, never: false }[view.final_review ?? ''];
  const conclusion = (Form.useWatch('conclusion', form) as Values['conclusion'] | undefined) ?? 'approve';
  const command = useCommand<Values>({
    seen: opened,
    send: async ({ conclusion: chosen, opinion = '', effective_date, final_review }, header, id) => {
      const approve = chosen === 'approve';
      const body: ReviewInput = approve
        ? {
            conclusion: 'approve',
            opinion,
            ...(effective_date ? { effective_date: effective_date.format('YYYY-MM-DD') } : {}),
            ...(level === 'second-review' ? { final_review: decided ?? final_review ?? false } : {}),
          }
        : { conclusion: 'return', opinion, to: chosen };
      try {
        return await answer(api.POST('/enrolments/{enrolment}/reviews', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) {
          const faults = error.faults.map((fault) => (fault.pointer === '/reason' ? { ...fault, pointer: '/opinion' } : fault));
          placeFaults(form, faults, new Set(['opinion', 'effective_date', 'final_review']));
        }
        throw error;
      }
    },
    done: () => {
      message.success(t('审核结论已提交'));
      setDirty(false);
      void navigate(`/${level}`, { state: SAVED });
    },
  });
  return (
    <>
      <h2>{t('审核结论')}</h2>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" initialValues={{ conclusion: 'approve', opinion: '' }} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="conclusion" label={t('结论')} rules={[{ required: true }]}>
          <Radio.Group
            className="stack"
            options={[
              { value: 'approve', label: t('同意') },
              ...(level === 'first-review' ? [] : [{ value: 'first-review', label: t('退回初审') }]),
              { value: 'unit', label: t('退回单位') },
            ]}
          />
        </Form.Item>
        {conclusion === 'approve' && level === 'first-review' && (
          <Form.Item name="effective_date" label={t('指定生效日期')} extra={t('不填则为到账确认的次日')}>
            <DatePicker style={{ width: '100%' }} disabledDate={(date) => date.isBefore(dayjs(today()), 'day')} />
          </Form.Item>
        )}
        {conclusion === 'approve' && decided !== undefined && <p>{decided ? t('按办事处的设置，同意后一律进入终审。') : t('按办事处的设置，同意后不再终审。')}</p>}
        {conclusion === 'approve' && level === 'second-review' && decided === undefined && (
          <Form.Item name="final_review" label={t('是否进入终审')} rules={[{ required: true, message: t('请选择是否进入终审') }]}>
            <Radio.Group
              options={[
                { value: true, label: t('需要终审') },
                { value: false, label: t('不需要终审') },
              ]}
            />
          </Form.Item>
        )}
        <Form.Item
          name="opinion"
          label={conclusion === 'approve' ? t('审核意见') : t('退回原因')}
          rules={[{ required: conclusion !== 'approve', whitespace: conclusion !== 'approve', message: t('请填写原因') }]}
        >
          <Input.TextArea rows={4} maxLength={OPINION_MAX} showCount />
        </Form.Item>
        <Phrases
          use={(phrase) => {
            const before = form.getFieldValue('opinion') as string | undefined;
            form.setFieldsValue({ opinion: `${before ?? ''}${phrase}`.slice(0, OPINION_MAX) });
            setDirty(true);
          }}
        />
        <Button type="primary" htmlType="submit" block danger={conclusion !== 'approve'} loading={command.pending}>
          {t('提交结论')}
        </Button>
      </Form>
      {command.dialog}
      {guard}
    </>
  );
}
