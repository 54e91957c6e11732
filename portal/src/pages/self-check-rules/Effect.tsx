/** What a version of the rules finds in sample cases otherwise than the version it takes the place of. */
import { useQuery } from '@tanstack/react-query';
import { rulesEffect } from '../../api/reference';
import { useT } from '../../i18n';
import { CaseName, Effect, FindingChanges } from '../../kit/effect';
import { Plain } from '../../kit/show';

export function RulesEffect({ version }: { version: string }) {
  const t = useT();
  const query = useQuery(rulesEffect(version));
  return (
    <Effect query={query} counts={(effect) => effect}>
      {({ listed, changed, replaces }) => (
        <>
          {replaces != null && <p className="quiet">{t('与版本{version}比较。', { version: replaces })}</p>}
          {listed.length < changed && <p className="quiet">{t('这里列出前{count}个。', { count: listed.length })}</p>}
          <Plain
            dataSource={listed.map((row, i) => ({ ...row, key: i }))}
            columns={[
              { title: t('样例'), key: 'case', className: 'long', render: (_, row) => <CaseName of={row.case} note={row.office == null ? row.variant : `${row.office} · ${row.variant}`} /> },
              { title: t('自核结果的变化'), key: 'changes', className: 'long', render: (_, { changes }) => <FindingChanges changes={changes} /> },
            ]}
          />
        </>
      )}
    </Effect>
  );
}
