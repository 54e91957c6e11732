/** What a self-check that is tried finds. The document says no more of it than that it is an object. */
import { useQuery } from '@tanstack/react-query';
import { variants } from '../api/reference';
import type { RuleName } from '../api/schema.gen';
import { useT } from '../i18n';
import { Plain, Tag } from './show';

export interface CheckResult {
  version: string;
  findings: { rule: string; plan?: string | null; passed: boolean; text: string; member?: string | null }[];
}

export function Findings({ result, names }: { result: CheckResult; names: RuleName[] }) {
  const t = useT();
  const { data: plans } = useQuery(variants);
  return (
    <Plain
      dataSource={result.findings.map((finding, i) => ({ ...finding, key: i }))}
      columns={[
        { title: t('结果'), dataIndex: 'passed', render: (passed: boolean) => <Tag tone={passed ? 'good' : 'money'}>{passed ? t('通过') : t('注意')}</Tag> },
        { title: t('规则'), dataIndex: 'rule', render: (rule: string) => names.find((one) => one.rule === rule)?.name ?? rule },
        { title: t('对象'), dataIndex: 'plan', render: (plan: string | null | undefined) => (plan ? (plans?.find((one) => one.code === plan)?.variant ?? plan) : t('单位')) },
        { title: t('说明'), dataIndex: 'text' },
        { title: t('人员'), dataIndex: 'member', render: (member: string | null | undefined) => member ?? '–' },
      ]}
    />
  );
}
