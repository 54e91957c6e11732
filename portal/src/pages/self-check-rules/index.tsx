/** 自核规则: which rules run, and where participation is measured otherwise than the plan says; as versions. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Tabs } from 'antd';
import { useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import { reference, rules as rulesQuery } from '../../api/reference';
import type { RuleVersionView, RulesView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Journal } from '../../kit/journal';
import { Plain, countColumn } from '../../kit/show';
import { Load } from '../../kit/states';
import { Standing, Versions, current, effect, isAhead } from '../../kit/versions';
import { Difference } from '../plan-variants/Variant';
import { NEW, useChangesPlans } from '../plan-variants/access';
import { RulesEffect } from './Effect';
import { Trial } from './Trial';
import { measureText, ruleLines, ruleName } from './lines';

export default function SelfCheckRules() {
  const t = useT();
  const query = useQuery(rulesQuery);
  return (
    <>
      <h1>{t('自核规则')}</h1>
      <Load query={query}>{(book) => <Loaded book={book} />}</Load>
    </>
  );
}

function Loaded({ book }: { book: RulesView }) {
  const t = useT();
  const queries = useQueryClient();
  const changeable = useChangesPlans();
  const [params, setParams] = useSearchParams();
  const inEffect = current(book.versions);
  const chosen = book.versions.find(({ terms }) => terms.version === params.get('version')) ?? inEffect;
  return (
    <>
      <section className="panel" aria-labelledby="versions">
        <h2 id="versions">{t('版本')}</h2>
        <p className="quiet">{t('自核规则只提示审核人，不阻止参保。已有的自核结果保留其当时的版本。')}</p>
        <Versions<RulesView, RuleVersionView>
          book={book}
          lines={({ terms }) => ruleLines(terms, book.catalogue, t)}
          columns={[countColumn(t('启用的规则'), ({ terms }) => terms.rules.length), countColumn(t('参保率参数'), ({ terms }) => terms.participation?.length ?? 0)]}
          chosen={chosen?.terms.version}
          choose={(version) => setParams({ version })}
          changeable={changeable}
          draft={(version, begin) => (begin ? `/self-check-rules/${NEW}?from=${version}` : `/self-check-rules/${version}`)}
          trial={(version) => <RulesEffect version={version} />}
          read={() => queries.query({ ...rulesQuery, staleTime: 0 })}
          refresh={() => queries.invalidateQueries({ queryKey: reference.rules })}
          publish={(version, body, header) => answer(api.POST('/self-check-rules/versions/{version}/publication', { params: { path: { version }, header }, body }))}
          recall={(version, header) => answer(api.DELETE('/self-check-rules/versions/{version}/publication', { params: { path: { version }, header } }))}
          discard={(version, header) => answer(api.DELETE('/self-check-rules/drafts/{version}', { params: { path: { version }, header } }))}
        />
      </section>
      {chosen && (
        <section className="panel" aria-labelledby="chosen">
          <div className="panel-head">
            <h2 id="chosen">
              {t('版本{version}', { version: chosen.terms.version })} <Standing edition={chosen} /> {chosen.effective_from && <span className="quiet figures">{effect(chosen, t)}</span>}
            </h2>
          </div>
          <Tabs
            key={chosen.terms.version}
            destroyOnHidden
            items={[
              { key: 'terms', label: t('内容'), children: <Terms edition={chosen} book={book} /> },
              ...(inEffect && inEffect !== chosen
                ? [
                    {
                      key: 'difference',
                      label: t('与{version}比较', { version: inEffect.terms.version }),
                      children: (
                        <Difference
                          before={inEffect.terms.version}
                          after={chosen.terms.version}
                          one={ruleLines(inEffect.terms, book.catalogue, t)}
                          other={ruleLines(chosen.terms, book.catalogue, t)}
                        />
                      ),
                    },
                  ]
                : []),
              ...(isAhead(chosen) ? [{ key: 'effect', label: t('对样例的影响'), children: <RulesEffect version={chosen.terms.version} /> }] : []),
              { key: 'trial', label: t('试运行'), children: <Trial version={chosen.terms.version} names={book.catalogue} /> },
              {
                key: 'trail',
                label: t('变更轨迹'),
                children: <Journal caption={t('变更轨迹')} name={[...reference.rules, 'trail']} read={(query) => answer(api.GET('/self-check-rules/trail', { params: { query } }))} />,
              },
            ]}
          />
        </section>
      )}
    </>
  );
}

function Terms({ edition: { terms }, book }: { edition: RuleVersionView; book: RulesView }) {
  const t = useT();
  const measures = terms.participation ?? [];
  return (
    <>
      <h3>{t('启用的规则')}</h3>
      <ol className="plain">
        {terms.rules.map((rule) => (
          <li key={rule}>{ruleName(rule, book.catalogue)}</li>
        ))}
      </ol>
      <h3>{t('参保率参数')}</h3>
      {measures.length === 0 ? (
        <p className="quiet">{t('没有另设参数，按各活动的规定。')}</p>
      ) : (
        <Plain
          dataSource={measures.map((measure, i) => ({ ...measure, key: i }))}
          columns={[
            { title: t('办事处'), dataIndex: 'office', render: (office: string | null | undefined) => office ?? t('所有办事处') },
            { title: t('保障活动细类'), dataIndex: 'plan', render: (plan: string | null | undefined) => plan ?? t('所有活动') },
            { title: t('具体标准'), key: 'measure', render: (_, measure) => measureText(measure, t) },
          ]}
        />
      )}
    </>
  );
}
