/** What sample enrolments would pay if a subsidy or gifted cover were granted, or ended. */
import { useQuery } from '@tanstack/react-query';
import { reliefEffect } from '../../api/reference';
import type { AmountsView, ReliefTrialInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { CaseName, Effect } from '../../kit/effect';
import { Plain, Money } from '../../kit/show';
import { useSettled } from '../../kit/settled';

const FIGURES = [
  ['会费（元）', 'contribution_fen'],
  ['补贴（元）', 'subsidy_fen'],
  ['赠险（元）', 'gifted_fen'],
  ['应付（元）', 'due_fen'],
] as const satisfies [string, keyof AmountsView][];

/** `input` is what is being filled in; none until it is complete. */
export function ReliefEffect({ office, input }: { office: string; input: ReliefTrialInput | null }) {
  const t = useT();
  const asked = useSettled(input === null ? null : JSON.stringify(input));
  if (asked === null) return <p className="quiet">{t('填写完整后，这里显示对样例的影响。')}</p>;
  return <Tried office={office} input={JSON.parse(asked) as ReliefTrialInput} />;
}

function Tried({ office, input }: { office: string; input: ReliefTrialInput }) {
  const t = useT();
  const query = useQuery(reliefEffect(office, input));
  return (
    <Effect query={query} counts={({ cases, changed }) => ({ cases: cases.length, changed })}>
      {({ cases, day }) => (
        <>
          <p className="quiet">{t('样例在{day}完成录入。', { day })}</p>
          <Plain
            dataSource={cases.filter(({ changed }) => changed).map((row) => ({ ...row, key: row.case.kind }))}
            columns={[
              { title: t('样例'), key: 'case', className: 'long', render: (_, row) => <CaseName of={row.case} /> },
              ...FIGURES.map(([title, figure]) => ({
                title: t(title),
                key: figure,
                align: 'right' as const,
                render: (_: unknown, { before, after }: { before?: AmountsView | null; after?: AmountsView | null }) => <Moved before={before?.[figure]} after={after?.[figure]} />,
              })),
            ]}
          />
        </>
      )}
    </Effect>
  );
}

/** An amount, with what it was where it differs. */
function Moved({ before, after }: { before: number | undefined; after: number | undefined }) {
  if (before === after) return <Money fen={after} />;
  return (
    <>
      <div className="quiet">
        <Money fen={before} />
      </div>
      <mark>
        <Money fen={after} />
      </mark>
    </>
  );
}
