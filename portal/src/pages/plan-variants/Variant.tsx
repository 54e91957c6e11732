/** One plan variant: its versions, what each says, what it would change, and who changed it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Tabs } from 'antd';
import { useParams, useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import { reference, variant as variantQuery } from '../../api/reference';
import type { PlanBookView, PlanVersionView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Journal } from '../../kit/journal';
import { Facts, Plain, moneyColumn } from '../../kit/show';
import { Empty, Load } from '../../kit/states';
import { Standing, Versions, current, effect, isAhead } from '../../kit/versions';
import type { Line } from '../../kit/versioned';
import { PlanEffect } from './Effect';
import { Trial } from './Trial';
import { NEW, useChangesPlans } from './access';
import { FORMULAS, figuresText, read, termLines, type Terms } from './terms';
import { named } from '../../kit/enrolment';

export default function Variant() {
  const { code = '' } = useParams();
  const query = useQuery(variantQuery(code));
  return <Load query={query}>{(book) => <Loaded book={book} />}</Load>;
}

function Loaded({ book }: { book: PlanBookView }) {
  const t = useT();
  const queries = useQueryClient();
  const changeable = useChangesPlans();
  const [params, setParams] = useSearchParams();
  const { code } = book;
  const inEffect = current(book.versions);
  const chosen = book.versions.find(({ terms }) => terms.version === params.get('version')) ?? inEffect;
  const newest = book.versions[book.versions.length - 1];
  const path = (version: string) => ({ path: { code, version } });
  return (
    <>
      <h1>
        {newest?.terms.variant} <span className="figures quiet">{code}</span>
      </h1>
      <section className="panel" aria-labelledby="versions">
        <h2 id="versions">{t('版本')}</h2>
        {book.versions.length === 0 ? (
          <Empty title={t('没有版本')} />
        ) : (
          <Versions<PlanBookView, PlanVersionView>
            book={book}
            lines={({ terms }) => termLines(read(terms), t)}
            columns={[moneyColumn(t('标准会费（元）'), ({ terms }) => terms.fee_fen), moneyColumn(t('高危职业会费（元）'), ({ terms }) => terms.fee_high_risk_fen)]}
            chosen={chosen?.terms.version}
            choose={(version) => setParams({ version })}
            changeable={changeable}
            draft={(version, begin) => (begin ? `/plan-variants/${code}/${NEW}?from=${version}` : `/plan-variants/${code}/${version}`)}
            trial={(version) => <PlanEffect code={code} version={version} />}
            read={() => queries.query({ ...variantQuery(code), staleTime: 0 })}
            refresh={() => Promise.all([queries.invalidateQueries({ queryKey: reference.variant(code) }), queries.invalidateQueries({ queryKey: reference.variants })])}
            publish={(version, body, header) => answer(api.POST('/plan-variants/{code}/versions/{version}/publication', { params: { ...path(version), header }, body }))}
            recall={(version, header) => answer(api.DELETE('/plan-variants/{code}/versions/{version}/publication', { params: { ...path(version), header } }))}
            discard={(version, header) => answer(api.DELETE('/plan-variants/{code}/drafts/{version}', { params: { ...path(version), header } }))}
          />
        )}
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
              { key: 'terms', label: t('内容'), children: <TermsView terms={read(chosen.terms)} /> },
              ...(inEffect && inEffect !== chosen
                ? [
                    {
                      key: 'difference',
                      label: t('与{version}比较', { version: inEffect.terms.version }),
                      children: <Difference before={inEffect.terms.version} after={chosen.terms.version} one={termLines(read(inEffect.terms), t)} other={termLines(read(chosen.terms), t)} />,
                    },
                  ]
                : []),
              ...(isAhead(chosen) ? [{ key: 'effect', label: t('对样例的影响'), children: <PlanEffect code={code} version={chosen.terms.version} /> }] : []),
              { key: 'trial', label: t('试算'), children: <Trial code={code} version={chosen.terms.version} /> },
              {
                key: 'trail',
                label: t('变更轨迹'),
                children: <Journal caption={t('变更轨迹')} name={[...reference.variant(code), 'trail']} read={(query) => answer(api.GET('/plan-variants/{code}/trail', { params: { path: { code }, query } }))} />,
              },
            ]}
          />
        </section>
      )}
    </>
  );
}

function TermsView({ terms }: { terms: Terms }) {
  const t = useT();
  const facts = termLines({ ...terms, benefits: [] }, t);
  return (
    <>
      <Facts facts={facts.map(({ label, value }) => [label, value])} />
      <h3>{t('申领标准')}</h3>
      <Plain
        dataSource={terms.benefits}
        rowKey="code"
        columns={[
          { title: t('代码'), dataIndex: 'code', className: 'figures' },
          { title: t('名称'), dataIndex: 'name' },
          { title: t('申领类型'), dataIndex: 'claim_type' },
          { title: t('计算方式'), dataIndex: 'formula', render: (formula: string) => named(FORMULAS, formula, t) },
          { title: t('具体标准'), key: 'figures', className: 'long', render: (_, benefit) => figuresText(benefit, t) },
        ]}
      />
    </>
  );
}

/** What differs between two versions, line by line. */
export function Difference({ before, after, one, other }: { before: string; after: string; one: Line[]; other: Line[] }) {
  const t = useT();
  const of = (lines: Line[], label: string) => lines.find((line) => line.label === label)?.value ?? t('无');
  const labels = [...new Set([...one, ...other].map(({ label }) => label))];
  const rows = labels.map((label) => ({ key: label, label, one: of(one, label), other: of(other, label) })).filter((row) => row.one !== row.other);
  if (rows.length === 0) return <Alert type="info" showIcon title={t('两个版本的内容相同')} />;
  return (
    <Plain
      dataSource={rows}
      columns={[
        { title: t('项目'), dataIndex: 'label' },
        { title: before, dataIndex: 'one', className: 'long' },
        { title: after, dataIndex: 'other', className: 'long', render: (value: string) => <mark>{value}</mark> },
      ]}
    />
  );
}
