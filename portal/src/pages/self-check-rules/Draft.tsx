/** A draft of the self-check rules: which run, in which order, and where participation is measured otherwise. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Checkbox, Form, Input, InputNumber, Select, Space } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { reference, rules as rulesQuery, variants as variantsQuery } from '../../api/reference';
import type { ParticipationMeasure, RuleName, RulesView, SelfCheckTerms } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { SAVED, useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Load, NotFound, NotPermitted } from '../../kit/states';
import { current } from '../../kit/versions';
import { useVersioned } from '../../kit/versioned';
import { NEW, useChangesPlans } from '../plan-variants/access';
import { ruleLines } from './lines';

export default function Draft() {
  const { version = '' } = useParams();
  const [params] = useSearchParams();
  const changes = useChangesPlans();
  const query = useQuery({ ...rulesQuery, enabled: changes });
  if (!changes) return <NotPermitted />;
  return <Load query={query}>{(book) => <Loaded book={book} version={version} from={params.get('from')} />}</Load>;
}

interface Values {
  version: string;
  rules: string[];
  participation: ParticipationMeasure[];
}

const FIELDS = new Set(['version', 'rules', 'participation.office', 'participation.plan', 'participation.minimum_percent', 'participation.all_below_staff']);

/** The form as it is sent: what was left empty is not said. */
export function rulesOf({ version, rules, participation }: Values): SelfCheckTerms {
  const said = (measure: ParticipationMeasure) => Object.fromEntries(Object.entries(measure).filter(([, value]) => value != null && value !== '')) as ParticipationMeasure;
  return { version: version.trim(), rules, participation: participation.map(said) };
}

function Loaded({ book, version, from }: { book: RulesView; version: string; from: string | null }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const [opened, setOpened] = useState(book);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const fresh = version === NEW;
  const of = (now: RulesView) => now.versions.find(({ terms, standing }) => terms.version === version && standing === 'draft')?.terms;
  const source = opened.versions.find(({ terms }) => terms.version === from)?.terms ?? current(opened.versions)?.terms;
  const terms = fresh ? (source ?? { version: '', rules: opened.catalogue.map(({ rule }) => rule) }) : of(opened);
  const command = useVersioned<RulesView, Values>({
    seen: opened,
    read: () => queries.query({ ...rulesQuery, staleTime: 0 }),
    basis: (now) => {
      const draft = fresh ? undefined : of(now);
      return draft ? ruleLines(draft, now.catalogue, t) : [];
    },
    mine: (values) => ruleLines(rulesOf(values), book.catalogue, t),
    said: t('您打开本页之后，有人更新了草稿。请比较后决定。'),
    over: (now) => (fresh || of(now) ? undefined : t('该草稿已发布或已删除。')),
    send: async (values, header) => {
      const body = rulesOf(values);
      try {
        if (fresh) return await answer(api.POST('/self-check-rules/drafts', { params: { header }, body }));
        return await answer(api.PUT('/self-check-rules/drafts/{version}', { params: { path: { version }, header }, body }));
      } catch (error) {
        const place = (pointer: string) => pointer.replace(/^(\/participation\/\d+)$/, '$1/minimum_percent').replace(/^\/rules\/\d+$/, '/rules');
        if (error instanceof Refused) placeFaults(form, error.faults.map((fault) => ({ ...fault, pointer: place(fault.pointer) })), FIELDS);
        throw error;
      }
    },
    refresh: () => queries.invalidateQueries({ queryKey: reference.rules }),
    taken: (theirs) => {
      setOpened(theirs);
      const draft = of(theirs);
      if (draft) form.setFieldsValue({ ...draft, participation: draft.participation ?? [] });
      setDirty(false);
    },
    done: () => {
      message.success(t('已保存'));
      const next = (form.getFieldValue('version') as string).trim();
      return navigate(`/self-check-rules?version=${next}`, { state: SAVED });
    },
  });
  if (!terms) return <NotFound />;
  return (
    <>
      <h1>
        {fresh ? t('新建草稿') : t('修改草稿')} {!fresh && <span className="figures quiet">{version}</span>}
      </h1>
      <div className="panel">
        {fresh && source && <p className="quiet">{t('内容取自版本{version}，请填写新的版本号。', { version: source.version })}</p>}
        <ProblemAlert error={command.error} />
        <Form<Values>
          form={form}
          layout="vertical"
          initialValues={{ ...terms, participation: terms.participation ?? [], ...(fresh ? { version: '' } : {}) }}
          onValuesChange={() => setDirty(true)}
          onFinish={(values) => void command.run(values)}
          scrollToFirstError={{ focus: true }}
        >
          <Form.Item
            name="version"
            label={t('版本号')}
            extra={fresh ? t('字母、数字和连字符，如2026') : t('版本号不能修改')}
            rules={[{ required: true, pattern: /^[A-Za-z0-9-]{1,20}$/, message: t('版本号应为字母、数字和连字符，最多20位') }]}
          >
            <Input autoComplete="off" maxLength={20} disabled={!fresh} style={{ maxWidth: 320 }} />
          </Form.Item>
          <Form.Item name="rules" label={t('启用的规则')} extra={t('自核结果按此顺序列出')} rules={[{ required: true, message: t('请至少启用一条规则') }]}>
            <Order catalogue={book.catalogue} />
          </Form.Item>
          <h2>{t('参保率参数')}</h2>
          <p className="quiet">{t('另设的参数代替活动自身的规定：同时指定办事处和活动的优先，其次是指定办事处的，再次是指定活动的。')}</p>
          <Measures />
          <div className="form-foot">
            <Link to="/self-check-rules">
              <Button>{t('取消')}</Button>
            </Link>
            <Button type="primary" htmlType="submit" disabled={!dirty} loading={command.pending}>
              {t('保存草稿')}
            </Button>
          </div>
        </Form>
      </div>
      {command.dialog}
      {guard}
    </>
  );
}

/** Rules that run, in their order, then those that do not. */
function Order({ catalogue, value = [], onChange }: { catalogue: RuleName[]; value?: string[]; onChange?: (rules: string[]) => void }) {
  const t = useT();
  const shown = [...value, ...catalogue.map(({ rule }) => rule).filter((rule) => !value.includes(rule))];
  const move = (at: number, by: number) => {
    const next = [...value];
    const [rule] = next.splice(at, 1);
    if (rule !== undefined) next.splice(at + by, 0, rule);
    onChange?.(next);
  };
  return (
    <ul className="order">
      {shown.map((rule, at) => {
        const name = catalogue.find((one) => one.rule === rule)?.name ?? rule;
        const runs = value.includes(rule);
        return (
          <li key={rule}>
            <Checkbox checked={runs} onChange={() => onChange?.(runs ? value.filter((one) => one !== rule) : [...value, rule])}>
              {name}
            </Checkbox>
            {runs && (
              <Space size={4}>
                <Button size="small" icon={<ArrowUpOutlined aria-hidden />} aria-label={t('{name}上移', { name })} disabled={at === 0} onClick={() => move(at, -1)} />
                <Button size="small" icon={<ArrowDownOutlined aria-hidden />} aria-label={t('{name}下移', { name })} disabled={at === value.length - 1} onClick={() => move(at, 1)} />
              </Space>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Measures() {
  const t = useT();
  const { data: nodes } = useQuery(nodesQuery);
  const { data: variants } = useQuery(variantsQuery);
  const offices = (nodes ?? []).filter(({ kind }) => kind === 'office').map(({ name, office_code }) => ({ value: office_code ?? '', label: `${name}（${office_code ?? ''}）` }));
  const plans = (variants ?? []).map(({ code, variant }) => ({ value: code, label: variant }));
  const form = Form.useFormInstance<Values>();
  return (
    <Form.List name="participation">
      {(fields, { add, remove }) => (
        <>
          {fields.map((field, i) => (
            <div className="row" key={field.key} role="group" aria-label={t('参数{n}', { n: i + 1 })}>
              <Form.Item className="grow" name={[field.name, 'office']} label={t('办事处')}>
                <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('所有办事处')} options={offices} />
              </Form.Item>
              <Form.Item className="grow" name={[field.name, 'plan']} label={t('保障活动细类')}>
                <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t('所有活动')} options={plans} />
              </Form.Item>
              <Form.Item
                name={[field.name, 'minimum_percent']}
                label={t('最低参保率')}
                dependencies={[['participation', field.name, 'all_below_staff']]}
                rules={[
                  {
                    validator: (_, percent: number | null | undefined) =>
                      percent == null && form.getFieldValue(['participation', field.name, 'all_below_staff']) == null ? Promise.reject(new Error(t('请填写最低参保率或全员参保的单位规模'))) : Promise.resolve(),
                  },
                ]}
              >
                <InputNumber min={0} max={100} precision={0} suffix="%" />
              </Form.Item>
              <Form.Item name={[field.name, 'all_below_staff']} label={t('全员参保的单位规模')}>
                <InputNumber min={0} max={100_000} precision={0} suffix={t('人')} />
              </Form.Item>
              <Button className="row-button" danger icon={<DeleteOutlined aria-hidden />} aria-label={t('删除参数{n}', { n: i + 1 })} onClick={() => remove(field.name)} />
            </div>
          ))}
          <Button type="dashed" className="gap-top" icon={<PlusOutlined aria-hidden />} onClick={() => add({})}>
            {t('添加参数')}
          </Button>
        </>
      )}
    </Form.List>
  );
}
