/** What a draft changes in sample cases. Whatever shows it never waits for it: a trial that is slow or fails stops nobody. */
import { ReloadOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Alert, Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { Refused } from '../api/problem';
import type { FindingChangeView, SampleCaseView } from '../api/schema.gen';
import { useT, type Translate } from '../i18n';
import { Tag } from './show';

interface Props<T> {
  query: UseQueryResult<T>;
  /** How many cases were tried, and how many of them differ. */
  counts: (effect: T) => { cases: number; changed: number };
  /** Those that differ; not asked for if there are none. */
  children: (effect: T) => ReactNode;
}

export function Effect<T>({ query: { data, error, refetch, isFetching }, counts, children }: Props<T>) {
  const t = useT();
  return (
    <section className="gap-top" aria-label={t('对样例的影响')}>
      <h3>{t('对样例的影响')}</h3>
      {data !== undefined ? (
        <Told effect={data} {...counts(data)} shown={children} />
      ) : error && !isFetching ? (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('样例试算没有完成')}
          description={reasons(error)}
          action={
            <Button size="small" icon={<ReloadOutlined aria-hidden />} onClick={() => void refetch()}>
              {t('重试')}
            </Button>
          }
        />
      ) : (
        <div role="status" className="quiet">
          <Spin size="small" /> {t('正在用样例试算')}
        </div>
      )}
    </section>
  );
}

/** Why it was not done: what is wrong with the input, one after the other, or what stood in the way. */
function reasons(error: Error): string {
  const faults = error instanceof Refused ? error.faults : [];
  return faults.length > 0 ? faults.map(({ detail }) => detail).join('；') : error.message;
}

function Told<T>({ effect, cases, changed, shown }: { effect: T; cases: number; changed: number; shown: (effect: T) => ReactNode }) {
  const t = useT();
  if (cases === 0) return <Alert type="info" showIcon role="status" title={t('没有可以试算的样例')} />;
  if (changed === 0) return <Alert type="info" showIcon role="status" title={t('{cases}个样例都没有变化', { cases })} />;
  return (
    <>
      <p role="status">{t('{cases}个样例中，{changed}个有变化。', { cases, changed })}</p>
      {shown(effect)}
    </>
  );
}

/** Cases in which it matters how old somebody is. */
const BY_AGE = new Set(['oldest', 'over-age', 'youngest', 'under-age']);

/** A sample enrolment in words, `25人参保，职工25人，每人1份`. */
export function caseText({ kind, ordinary, high_risk, shares, staff, age }: SampleCaseView, t: Translate): string {
  const said = [t('{count}人参保，职工{staff}人，每人{shares}份', { count: ordinary + high_risk, staff, shares })];
  if (high_risk > 0) said.push(t('高危职业{count}人', { count: high_risk }));
  if (BY_AGE.has(kind)) said.push(t('一人{age}岁', { age }));
  return said.join('，');
}

export function CaseName({ of, note }: { of: SampleCaseView; note?: string | undefined }) {
  const t = useT();
  return (
    <>
      {of.name}
      <div className="quiet">{caseText(of, t)}</div>
      {note && <div className="quiet">{note}</div>}
    </>
  );
}

const TONES: Record<string, 'good' | 'money'> = { eases: 'good', disappears: 'good' };

/** What a reviewer would see otherwise, with both sentences. */
export function FindingChanges({ changes }: { changes: FindingChangeView[] }) {
  const t = useT();
  if (changes.length === 0) return '–';
  return changes.map(({ rule, rule_name, change, change_name, before, after }) => (
    <div key={rule}>
      <Tag tone={TONES[change] ?? 'money'}>{change_name}</Tag> {rule_name}
      <div className="quiet">{before ?? t('未运行')}</div>
      <div>
        <mark>{after ?? t('未运行')}</mark>
      </div>
    </div>
  ));
}
