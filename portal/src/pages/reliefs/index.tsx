/** 补贴和赠险: what an office grants for a plan variant and a period. Granted, ended, never edited. */
import { PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Select, Tabs } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import { reference, reliefs as reliefsQuery, variants as variantsQuery } from '../../api/reference';
import type { NodeView, PlanRow, ReliefView, ReliefsView } from '../../api/schema.gen';
import { today } from '../../format/dates';
import { useT } from '../../i18n';
import { FUNDS, named } from '../../kit/enrolment';
import { Journal } from '../../kit/journal';
import { Plain, Tag } from '../../kit/show';
import { Empty, Load } from '../../kit/states';
import { useMay } from '../../shell/access';
import { End } from './End';
import { Grant } from './Grant';
import { ruleText, variantName } from './lines';

export default function Reliefs() {
  const t = useT();
  const nodes = useQuery(nodesQuery);
  return (
    <>
      <h1>{t('补贴和赠险')}</h1>
      <Load query={nodes}>
        {(all) => {
          const offices = all.filter(({ kind }) => kind === 'office');
          return offices.length === 0 ? (
            <section className="panel">
              <Empty title={t('您的管理范围内没有办事处')} hint={t('补贴和赠险由办事处设立。')} />
            </section>
          ) : (
            <Offices offices={offices} />
          );
        }}
      </Load>
    </>
  );
}

function Offices({ offices }: { offices: NodeView[] }) {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const office = offices.find(({ id }) => id === params.get('office')) ?? offices[0];
  return (
    <>
      {offices.length > 1 && (
        <Form layout="vertical" className="filters" role="search">
          <Form.Item label={t('办事处')} htmlFor="office">
            <Select
              id="office"
              showSearch={{ optionFilterProp: 'label' }}
              value={office?.id}
              options={offices.map(({ id, name, office_code }) => ({ value: id, label: `${name}（${office_code ?? ''}）` }))}
              onChange={(id: string) => setParams({ office: id })}
            />
          </Form.Item>
        </Form>
      )}
      {office && <Office key={office.id} office={office} />}
    </>
  );
}

function Office({ office }: { office: NodeView }) {
  const t = useT();
  const query = useQuery(reliefsQuery(office.id));
  const variants = useQuery(variantsQuery);
  return (
    <section className="panel" aria-label={office.name}>
      <Tabs
        destroyOnHidden
        items={[
          { key: 'reliefs', label: t('补贴和赠险'), children: <Load query={query}>{(view) => <Load query={variants}>{(all) => <Granted view={view} variants={all} />}</Load>}</Load> },
          {
            key: 'trail',
            label: t('变更轨迹'),
            children: (
              <Journal
                caption={t('变更轨迹')}
                name={[...reference.reliefs(office.id), 'trail']}
                read={(page) => answer(api.GET('/offices/{office}/reliefs/trail', { params: { path: { office: office.id }, query: page } }))}
              />
            ),
          },
        ]}
      />
    </section>
  );
}

function Bearer({ bearer }: { bearer: ReliefView['bearer'] }) {
  const t = useT();
  if (bearer.kind === 'gifted-cover') return '–';
  return (
    <>
      {bearer.title}
      <div className="quiet figures">{[named(FUNDS, bearer.fund_source, t), bearer.tax_number].filter(Boolean).join(' ')}</div>
    </>
  );
}

const isOver = ({ until }: ReliefView, now: string) => until != null && until < now;

function Granted({ view, variants }: { view: ReliefsView; variants: PlanRow[] }) {
  const t = useT();
  const may = useMay();
  const queries = useQueryClient();
  const [granting, setGranting] = useState(false);
  const [ending, setEnding] = useState<ReliefView | null>(null);
  const changes = may('manage-plans');
  const now = today();
  const refresh = () => queries.invalidateQueries({ queryKey: reference.reliefs(view.office) });
  return (
    <>
      {changes && (
        <div className="toolbar">
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setGranting(true)}>
            {t('设立补贴或赠险')}
          </Button>
        </div>
      )}
      {view.reliefs.length === 0 ? (
        <Empty title={t('没有补贴和赠险')} hint={t('在期限内完成录入的参保单自动享受。')} />
      ) : (
        <Plain<ReliefView>
          dataSource={view.reliefs}
          rowKey="id"
          columns={[
            { title: t('类别'), dataIndex: 'kind_name', render: (name: string, { bearer }) => <Tag tone={bearer.kind === 'subsidy' ? 'work' : 'review'}>{name}</Tag> },
            { title: t('保障活动细类'), dataIndex: 'plan_code', render: (code: string) => variantName(code, variants) },
            { title: t('具体标准'), key: 'rule', render: (_, { rule }) => ruleText(rule, t) },
            { title: t('补贴单位'), key: 'bearer', render: (_, { bearer }) => <Bearer bearer={bearer} /> },
            { title: t('期限'), key: 'period', className: 'figures', render: (_, { from, until }) => `${from} – ${until ?? t('不限')}` },
            {
              title: t('状态'),
              key: 'state',
              render: (_, relief) => (
                <Tag tone={relief.applies_today ? 'good' : isOver(relief, now) ? 'gone' : 'money'}>{relief.applies_today ? t('生效中') : isOver(relief, now) ? t('已结束') : t('未开始')}</Tag>
              ),
            },
            ...(changes
              ? [
                  {
                    title: t('操作'),
                    key: 'actions',
                    fixed: 'right' as const,
                    render: (_: unknown, relief: ReliefView) =>
                      !isOver(relief, now) && (
                        <Button type="link" size="small" danger onClick={() => setEnding(relief)}>
                          {t('终止')}
                        </Button>
                      ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {granting && <Grant view={view} variants={variants} refresh={refresh} close={() => setGranting(false)} />}
      {ending && <End relief={ending} view={view} variants={variants} refresh={refresh} close={() => setEnding(null)} />}
    </>
  );
}
