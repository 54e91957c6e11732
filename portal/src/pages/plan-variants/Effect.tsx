/** What a version of a plan comes to in sample cases, beside the version it takes the place of. */
import { useQuery } from '@tanstack/react-query';
import { planEffect } from '../../api/reference';
import type { PlanOutcomeView } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import { useT, type Translate } from '../../i18n';
import { CaseName, Effect, FindingChanges } from '../../kit/effect';
import { Plain } from '../../kit/show';

/** What a case comes to, `500.00` or why somebody could not take part. */
function outcomeText({ contribution_fen, refused }: PlanOutcomeView, t: Translate): string {
  if (refused.length > 0) return t('不能参保：{reasons}', { reasons: refused.map(({ text }) => text).join('；') });
  return contribution_fen == null ? '–' : yuan(contribution_fen);
}

export function PlanEffect({ code, version }: { code: string; version: string }) {
  const t = useT();
  const query = useQuery(planEffect(code, version));
  return (
    <Effect query={query} counts={({ cases, changed }) => ({ cases: cases.length, changed })}>
      {({ cases, replaces }) => {
        const rows = cases.filter(({ changed }) => changed).map((row) => ({ ...row, key: row.case.kind }));
        return (
          <>
            <p className="quiet">{replaces == null ? t('这是第一个版本，样例按其内容计算。') : t('与版本{version}比较；申领标准的变化不在样例之内。', { version: replaces })}</p>
            <Plain
              dataSource={rows}
              columns={[
                { title: t('样例'), key: 'case', className: 'long', render: (_, row) => <CaseName of={row.case} /> },
                ...(replaces == null
                  ? []
                  : [{ title: t('会费（元），版本{version}', { version: replaces }), key: 'before', render: (_: unknown, { before }: (typeof rows)[number]) => (before ? outcomeText(before, t) : '–') }]),
                {
                  title: t('会费（元），版本{version}', { version }),
                  key: 'after',
                  render: (_, { before, after }) => {
                    const told = outcomeText(after, t);
                    return before && outcomeText(before, t) !== told ? <mark>{told}</mark> : told;
                  },
                },
                ...(replaces == null ? [] : [{ title: t('自核结果的变化'), key: 'changes', className: 'long', render: (_: unknown, { changes }: (typeof rows)[number]) => <FindingChanges changes={changes} /> }]),
              ]}
            />
          </>
        );
      }}
    </Effect>
  );
}
