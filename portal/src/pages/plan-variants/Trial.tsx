/** 试算: what a version comes to for a stored enrolment, or for a unit that does not exist. Nothing is changed. */
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { rules as rulesQuery } from '../../api/reference';
import type { PlanEffectView, PlanTrial, TrialSample } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import { useT, type Key, type Translate } from '../../i18n';
import { Findings, type CheckResult } from '../../kit/findings';
import { enrolmentNumbered } from '../../kit/lists';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Plain } from '../../kit/show';

interface Values {
  on: 'sample' | 'enrolment';
  number?: string;
  sample?: TrialSample;
}

const SAMPLE: TrialSample = { ordinary: 20, high_risk: 0, shares: 1, staff: 25, female_staff: 10 };

export function Trial({ code, version }: { code: string; version: string }) {
  const t = useT();
  const [form] = Form.useForm<Values>();
  const [result, setResult] = useState<PlanTrial | null>(null);
  const on = (Form.useWatch('on', form) as Values['on'] | undefined) ?? 'sample';
  const { data: rules } = useQuery(rulesQuery);
  const send = useSend(async ({ on: chosen, number = '', sample = SAMPLE }: Values) => {
    setResult(null);
    const body = chosen === 'sample' ? { sample } : { enrolment: await enrolmentNumbered(number.trim(), '/enrolment') };
    try {
      return await answer(api.POST('/plan-variants/{code}/versions/{version}/trial', { params: { path: { code, version } }, body }));
    } catch (error) {
      if (error instanceof Refused) placeFaults(form, error.faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/enrolment$/, '/number') })), new Set(['number']));
      throw error;
    }
  }, setResult);
  const number = (name: keyof TrialSample, label: Key, min: number) => (
    <Form.Item name={['sample', name]} label={t(label)} rules={[{ required: true, message: t('请填写{what}', { what: t(label) }) }]}>
      <InputNumber min={min} max={200_000} precision={0} style={{ width: '100%' }} />
    </Form.Item>
  );
  return (
    <>
      <p className="quiet">{t('试算不改变任何数据。')}</p>
      <ProblemAlert error={send.error} />
      <Form form={form} layout="vertical" initialValues={{ on: 'sample', sample: SAMPLE }} onFinish={(values) => void send.run(values)}>
        <Form.Item name="on" label={t('试算对象')}>
          <Radio.Group
            options={[
              { value: 'sample', label: t('样例单位') },
              { value: 'enrolment', label: t('已有的参保单') },
            ]}
          />
        </Form.Item>
        {on === 'sample' ? (
          <div className="three">
            {number('ordinary', '一般职业人数', 0)}
            {number('high_risk', '高危职业人数', 0)}
            {number('shares', '每人份数', 1)}
            {number('staff', '职工人数', 0)}
            {number('female_staff', '女职工人数', 0)}
          </div>
        ) : (
          <Form.Item name="number" label={t('申请书号')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('申请书号') }) }]}>
            <Input autoComplete="off" style={{ maxWidth: 360 }} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" loading={send.pending}>
          {t('试算')}
        </Button>
      </Form>
      {result && (
        <div role="status" className="gap-top">
          <Effects result={result} t={t} />
          <h3>{t('参保自核信息')}</h3>
          <Findings result={result.tried.self_check as unknown as CheckResult} names={rules?.catalogue ?? []} />
        </div>
      )}
    </>
  );
}

function effectLines(effect: PlanEffectView, t: Translate): [label: Key, value: string][] {
  const amount = (fen: number | null | undefined) => (fen == null ? '–' : yuan(fen));
  return [
    ['会费（元）', amount(effect.contribution_fen)],
    ['补贴（元）', amount(effect.subsidy_fen)],
    ['赠险（元）', amount(effect.gifted_fen)],
    ['应付（元）', amount(effect.due_fen)],
    ['参保率', effect.participation_percent == null ? '–' : `${effect.participation_percent}%`],
    ['份数', effect.shares_allowed ? t('不超过上限') : t('超过上限')],
    ['自核', effect.self_check_passed ? t('通过') : t('注意')],
  ];
}

function Effects({ result: { stored, tried }, t }: { result: PlanTrial; t: Translate }) {
  const before = stored ? effectLines(stored, t) : null;
  const rows = effectLines(tried, t).map(([label, value], i) => ({ key: label, label: t(label), stored: before?.[i]?.[1] ?? '–', tried: value }));
  return (
    <Plain
      dataSource={rows}
      columns={[
        { title: t('项目'), dataIndex: 'label' },
        ...(stored ? [{ title: t('现为（版本{version}）', { version: stored.version }), dataIndex: 'stored', align: 'right' as const, className: 'money' }] : []),
        {
          title: t('试算（版本{version}）', { version: tried.version }),
          dataIndex: 'tried',
          align: 'right' as const,
          className: 'money',
          render: (value: string, row: (typeof rows)[number]) => (stored && row.stored !== value ? <mark>{value}</mark> : value),
        },
      ]}
    />
  );
}
