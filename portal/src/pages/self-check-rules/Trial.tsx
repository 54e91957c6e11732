/** 试运行: what a version of the rules finds in a stored enrolment, beside what is stored. Nothing is changed. */
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { RuleName, RulesTrial } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Findings, type CheckResult } from '../../kit/findings';
import { enrolmentNumbered } from '../../kit/lists';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Plain, Tag } from '../../kit/show';

export function Trial({ version, names }: { version: string; names: RuleName[] }) {
  const t = useT();
  const [form] = Form.useForm<{ number: string }>();
  const [result, setResult] = useState<RulesTrial | null>(null);
  const send = useSend(async ({ number }: { number: string }) => {
    setResult(null);
    try {
      const enrolment = await enrolmentNumbered(number.trim(), '/number');
      return await answer(api.POST('/self-check-rules/versions/{version}/trial', { params: { path: { version } }, body: { enrolment } }));
    } catch (error) {
      if (error instanceof Refused) placeFaults(form, error.faults, new Set(['number']));
      throw error;
    }
  }, setResult);
  return (
    <>
      <p className="quiet">{t('试运行不改变任何数据。')}</p>
      <ProblemAlert error={send.error} faults={[]} />
      <Form form={form} layout="vertical" onFinish={(values) => void send.run(values)}>
        <Form.Item name="number" label={t('申请书号')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('申请书号') }) }]}>
          <Input autoComplete="off" style={{ maxWidth: 360 }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={send.pending}>
          {t('试运行')}
        </Button>
      </Form>
      {result && (
        <div role="status" className="gap-top">
          <h3>
            {result.unit_name} <span className="figures quiet">{result.application_number}</span>
          </h3>
          <Plain
            dataSource={result.rules}
            rowKey="rule"
            columns={[
              { title: t('规则'), dataIndex: 'name' },
              { title: t('已存的结果'), dataIndex: 'stored', render: (holds: boolean | null | undefined) => <Verdict holds={holds} /> },
              {
                title: t('试运行（版本{version}）', { version }),
                dataIndex: 'tried',
                render: (holds: boolean | null | undefined, row) => (
                  <>
                    <Verdict holds={holds} /> {(row.stored ?? null) !== (holds ?? null) && <mark>{t('有变化')}</mark>}
                  </>
                ),
              },
            ]}
          />
          <h3>{t('试运行的结果')}</h3>
          <Findings result={result.tried as unknown as CheckResult} names={names} />
        </div>
      )}
    </>
  );
}

function Verdict({ holds }: { holds: boolean | null | undefined }) {
  const t = useT();
  if (holds == null) return <span className="quiet">{t('未运行')}</span>;
  return <Tag tone={holds ? 'good' : 'bad'}>{holds ? t('通过') : t('注意')}</Tag>;
}
