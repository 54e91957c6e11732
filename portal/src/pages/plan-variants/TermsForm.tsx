/** The form of a version of a plan variant. */
import { Form, Input, InputNumber, Select, Switch, type FormInstance } from 'antd';
import type { ReactNode } from 'react';
import { Refused } from '../../api/problem';
import { useT, type Key } from '../../i18n';
import { MoneyInput } from '../../kit/MoneyInput';
import { placeFaults } from '../../kit/problem';
import { Benefits } from './Benefits';
import { FIGURES, KINDS, SEXES, byLevel, cleaned, type Benefit, type Terms } from './terms';

/** What the form holds; `code` of a new variant only. */
export type TermValues = Terms & { code?: string };

const FIELDS = new Set([
  ...['code', 'version', 'name', 'variant', 'kind', 'fee_fen', 'fee_high_risk_fen', 'max_shares', 'term_months', 'age', 'sex', 'new_employment_form'],
  ...['participation.minimum_percent', 'participation.all_below_staff', 'waiting.none_until_day', 'waiting.consolation_until_day'],
  ...['code', 'name', 'claim_type', 'formula', ...new Set(Object.values(FIGURES).flat())].map((name) => `benefits.${name}`),
  'benefits.ratio_by_hospital_level.三级',
]);

/** Puts the server's reasons beside their fields; `at` is where the terms stand in what was sent. */
export function placeTermFaults(form: FormInstance<TermValues>, error: unknown, at = '') {
  if (!(error instanceof Refused)) return [];
  const place = (pointer: string) =>
    (pointer.startsWith(`${at}/`) ? pointer.slice(at.length) : pointer).replace(/^\/age$/, '/age/0').replace(/^(\/benefits\/\d+\/ratio_by_hospital_level)$/, '$1/三级');
  return placeFaults(form, error.faults.map((fault) => ({ ...fault, pointer: place(fault.pointer) })), FIELDS);
}

/** The terms as they are sent: a benefit's figures follow its formula. */
export function termsOf(values: TermValues): Terms {
  const { none_until_day, consolation_until_day } = values.waiting;
  const terms: TermValues = { ...values };
  delete terms.code;
  return {
    ...terms,
    version: values.version.trim(),
    waiting: { none_until_day, ...(consolation_until_day == null ? {} : { consolation_until_day }) },
    benefits: values.benefits.map(cleaned),
  };
}

interface Props {
  form: FormInstance<TermValues>;
  initial: Partial<Terms>;
  /** The version has its name already. */
  fixed?: boolean;
  changed: () => void;
  submit: (values: TermValues) => void;
  head?: ReactNode;
  foot: ReactNode;
}

export function TermsForm({ form, initial, fixed = false, changed, submit, head, foot }: Props) {
  const t = useT();
  const must = (label: Key) => ({ required: true, message: t('请填写{what}', { what: t(label) }) });
  const text = (name: string, label: Key, max: number) => (
    <Form.Item name={name} label={t(label)} rules={[{ ...must(label), whitespace: true }]}>
      <Input autoComplete="off" maxLength={max} />
    </Form.Item>
  );
  const number = (name: (string | number)[], label: Key, [min, max]: [number, number], unit?: Key, required = true, hint?: Key) => (
    <Form.Item name={name} label={t(label)} rules={required ? [must(label)] : []} {...(hint ? { extra: t(hint) } : {})}>
      <InputNumber min={min} max={max} precision={0} style={{ width: '100%' }} {...(unit ? { suffix: t(unit) } : {})} />
    </Form.Item>
  );
  const choice = (name: string, label: Key, names: Record<string, Key>) => (
    <Form.Item name={name} label={t(label)} rules={[{ required: true, message: t('请选择{what}', { what: t(label) }) }]}>
      <Select options={Object.entries(names).map(([value, key]) => ({ value, label: t(key) }))} />
    </Form.Item>
  );
  const fee = (name: 'fee_fen' | 'fee_high_risk_fen', label: Key) => (
    <Form.Item
      name={name}
      label={t(label)}
      dependencies={name === 'fee_high_risk_fen' ? ['fee_fen'] : []}
      rules={[
        { required: true, type: 'number', message: t('请填写金额') },
        {
          validator: (_, value: number | undefined) =>
            name === 'fee_high_risk_fen' && value !== undefined && value < Number(form.getFieldValue('fee_fen') ?? 0) ? Promise.reject(new Error(t('高危职业会费不应低于标准会费'))) : Promise.resolve(),
        },
      ]}
    >
      <MoneyInput />
    </Form.Item>
  );
  return (
    <Form<TermValues>
      form={form}
      layout="vertical"
      initialValues={{ ...initial, benefits: (initial.benefits ?? []).map((benefit: Benefit) => ({ ...benefit, by_level: byLevel(benefit) })) }}
      onValuesChange={changed}
      onFinish={() => {
        // With what no field shows: a benefit may hold more than people type.
        submit(form.getFieldsValue(true) as TermValues);
      }}
      scrollToFirstError={{ focus: true }}
    >
      <h2>{t('基本信息')}</h2>
      {head}
      <div className="pairs">
        <Form.Item
          name="version"
          label={t('版本号')}
          extra={fixed ? t('版本号不能修改') : t('字母、数字和连字符，如2026')}
          rules={[{ required: true, pattern: /^[A-Za-z0-9-]{1,20}$/, message: t('版本号应为字母、数字和连字符，最多20位') }]}
        >
          <Input autoComplete="off" maxLength={20} disabled={fixed} />
        </Form.Item>
        {choice('kind', '类别', KINDS)}
        {text('name', '保障活动', 60)}
        {text('variant', '保障活动细类', 60)}
      </div>
      <h2>{t('会费和份数')}</h2>
      <div className="pairs">
        {fee('fee_fen', '标准会费（元）')}
        {fee('fee_high_risk_fen', '高危职业会费（元）')}
        {number(['max_shares'], '每人最多份数', [1, 99], '份')}
        {number(['term_months'], '保障期限', [1, 120], '个月')}
      </div>
      <h2>{t('参保条件')}</h2>
      <div className="triples">
        {number(['age', 0], '年龄下限', [0, 120], '岁')}
        {number(['age', 1], '年龄上限', [0, 120], '岁', true, '超过的需附超龄证明')}
        {choice('sex', '性别', SEXES)}
        {number(['participation', 'minimum_percent'], '最低参保率', [0, 100], '%')}
        {number(['participation', 'all_below_staff'], '全员参保的单位规模', [0, 100_000], '人', true, '职工少于此数的单位须全员参保')}
        <Form.Item name="new_employment_form" label={t('新业态劳动者可参加')} valuePropName="checked">
          <Switch checkedChildren={t('是')} unCheckedChildren={t('否')} />
        </Form.Item>
      </div>
      <h2>{t('观察期')}</h2>
      <div className="pairs">
        {number(['waiting', 'none_until_day'], '观察期', [0, 3650], '天', true, '观察期内不给付；0为没有观察期')}
        {number(['waiting', 'consolation_until_day'], '慰问金期间至第几天', [0, 3650], '天', false, '观察期之后到这一天给付慰问金；不填则没有')}
      </div>
      <Benefits />
      {foot}
    </Form>
  );
}
