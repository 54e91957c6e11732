/** 申领标准 of a version: one card each, with the figures its formula asks for. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useT, type Key } from '../../i18n';
import { MoneyInput } from '../../kit/MoneyInput';
import { CLAIM_TYPES, FORMULAS, LEVELS, TIERS, byLevel, isRatio, type Benefit } from './terms';

export function Benefits() {
  const t = useT();
  const shown = Form.useWatch('benefits') as Partial<Benefit>[] | undefined;
  return (
    <>
      <h2>{t('申领标准')}</h2>
      <Form.List name="benefits" rules={[{ validator: (_, rows: unknown[] | undefined) => (rows?.length ? Promise.resolve() : Promise.reject(new Error(t('请至少添加一项申领标准')))) }]}>
        {(fields, { add, remove }, { errors }) => (
          <>
            {fields.map((field, i) => (
              <fieldset key={field.key} className="benefit">
                <legend>{t('申领标准{n}', { n: i + 1 })}</legend>
                <Card at={field.name} benefit={shown?.[field.name]} />
                <Button danger icon={<DeleteOutlined aria-hidden />} onClick={() => remove(field.name)} aria-label={t('删除申领标准{n}', { n: i + 1 })}>
                  {t('删除')}
                </Button>
              </fieldset>
            ))}
            <Form.ErrorList errors={errors} />
            <Button type="dashed" block icon={<PlusOutlined aria-hidden />} onClick={() => add({ formula: 'reimbursement', claim_type: '疾病住院' })}>
              {t('添加申领标准')}
            </Button>
          </>
        )}
      </Form.List>
    </>
  );
}

function Card({ at, benefit }: { at: number; benefit: Partial<Benefit> | undefined }) {
  const t = useT();
  const must = (label: Key) => ({ required: true, message: t('请填写{what}', { what: t(label) }) });
  const formula = benefit?.formula ?? 'reimbursement';
  const money = (name: string, label: Key, required: boolean) => (
    <Form.Item name={[at, name]} label={t(label)} rules={required ? [{ required: true, type: 'number', min: 1, message: t('请填写金额') }] : []}>
      <MoneyInput />
    </Form.Item>
  );
  const count = (name: string, label: Key, unit: Key, required: boolean) => (
    <Form.Item name={[at, name]} label={t(label)} rules={required ? [must(label)] : []}>
      <InputNumber min={1} max={3650} precision={0} suffix={t(unit)} style={{ width: '100%' }} />
    </Form.Item>
  );
  const stays = formula === 'reimbursement' || formula === 'pooled-percentage';
  return (
    <>
      <div className="triples">
        <Form.Item name={[at, 'code']} label={t('代码')} rules={[{ required: true, pattern: /^[a-z0-9-]{1,40}$/, message: t('代码应为小写字母、数字和连字符，最多40位') }]}>
          <Input autoComplete="off" maxLength={40} />
        </Form.Item>
        <Form.Item name={[at, 'name']} label={t('名称')} rules={[{ ...must('名称'), whitespace: true }]}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item name={[at, 'claim_type']} label={t('申领类型')} rules={[must('申领类型')]}>
          <Select options={CLAIM_TYPES.map((value) => ({ value, label: value }))} />
        </Form.Item>
        <Form.Item name={[at, 'formula']} label={t('计算方式')} rules={[must('计算方式')]}>
          <Select options={Object.entries(FORMULAS).map(([value, key]) => ({ value, label: t(key) }))} />
        </Form.Item>
        {stays && <Ratios at={at} benefit={benefit} />}
        {formula === 'daily-allowance' && (
          <>
            {money('per_day', '每天每份金额（元）', true)}
            {count('from_day', '自第几天起', '天', true)}
            {count('max_days', '最多天数', '天', true)}
          </>
        )}
        {formula === 'lump-sum' && (
          <>
            {money('per_share', '每份金额（元）', true)}
            <Form.Item name={[at, 'tier']} label={t('适用阶段')} rules={[must('适用阶段')]}>
              <Select options={Object.entries(TIERS).map(([value, key]) => ({ value, label: t(key) }))} />
            </Form.Item>
          </>
        )}
        {(formula === 'disability' || formula === 'death') && money('sum_assured', '每份保额（元）', true)}
        {stays && (
          <>
            {money('min_per_stay', '每次最低给付（元）', false)}
            {count('max_times', '每期最多次数', '次', false)}
            {money('period_cap', '每期最高给付（元）', false)}
          </>
        )}
      </div>
      <Form.Item name={[at, 'no_waiting']} valuePropName="checked" noStyle>
        <Checkbox>{t('无观察期')}</Checkbox>
      </Form.Item>
      <Form.Item name={[at, 'ends_cover']} valuePropName="checked" noStyle>
        <Checkbox>{t('给付后保障终止')}</Checkbox>
      </Form.Item>
    </>
  );
}

/** 给付比例: one, or one for each level of hospital. */
function Ratios({ at, benefit }: { at: number; benefit: Partial<Benefit> | undefined }) {
  const t = useT();
  const levels = byLevel(benefit);
  const fits = (required: boolean) => ({
    validator: (_: unknown, typed: unknown) => {
      // As typed, or the number it is stored as.
      const text = typeof typed === 'string' || typeof typed === 'number' ? `${typed}`.trim() : '';
      return (text === '' && !required) || isRatio(text) ? Promise.resolve() : Promise.reject(new Error(t('比例应大于0，不超过100，最多两位小数')));
    },
  });
  return (
    <>
      {benefit?.formula === 'reimbursement' && (
        <Form.Item name={[at, 'by_level']} label={t('给付比例')}>
          <Radio.Group
            options={[
              { value: false, label: t('统一比例') },
              { value: true, label: t('按医院等级') },
            ]}
          />
        </Form.Item>
      )}
      {levels ? (
        LEVELS.map((level, i) => (
          <Form.Item key={level} name={[at, 'ratio_by_hospital_level', level]} label={t('{level}医院给付比例', { level })} rules={[fits(i === 0)]}>
            <Input inputMode="decimal" suffix="%" autoComplete="off" maxLength={6} />
          </Form.Item>
        ))
      ) : (
        <Form.Item name={[at, 'ratio_percent']} label={t('统一给付比例')} rules={[fits(true)]}>
          <Input inputMode="decimal" suffix="%" autoComplete="off" maxLength={6} />
        </Form.Item>
      )}
    </>
  );
}
