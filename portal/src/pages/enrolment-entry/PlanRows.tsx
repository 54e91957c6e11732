/** The rows of step 1: a plan, which of its variants, and how many shares each member takes of it. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, InputNumber, Select } from 'antd';
import type { PlanOffer } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Money } from '../../kit/show';

export interface PlanRow {
  /** The plan, by its name: its variants have it in common. */
  name?: string;
  /** The variant. */
  code?: string;
  shares?: number | null;
}

/** The variants of each plan, in the order they are offered. */
function variantsByPlan(offers: PlanOffer[]): Map<string, PlanOffer[]> {
  const plans = new Map<string, PlanOffer[]>();
  for (const offer of offers) plans.set(offer.name, [...(plans.get(offer.name) ?? []), offer]);
  return plans;
}

/** The field `plans` of the form around it; `wide`: only what is open to new-employment-form workers. */
export function PlanRows({ offers, wide }: { offers: PlanOffer[]; wide: boolean }) {
  const t = useT();
  return (
    <Form.List name="plans">
      {(fields, { add, remove }) => (
        <div className="rows" role="group" aria-label={t('保障活动')}>
          {fields.map((field, i) => (
            <Row key={field.key} at={field.name} offers={offers} wide={wide}>
              <Button
                className="row-button"
                icon={<DeleteOutlined aria-hidden />}
                disabled={fields.length === 1}
                aria-label={t('删除第{n}行', { n: i + 1 })}
                onClick={() => remove(field.name)}
              />
            </Row>
          ))}
          <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => add({ shares: 1 })} disabled={fields.length >= offers.length}>
            {t('添加保障活动')}
          </Button>
        </div>
      )}
    </Form.List>
  );
}

function Row({ at, offers, wide, children }: { at: number; offers: PlanOffer[]; wide: boolean; children: React.ReactNode }) {
  const t = useT();
  const form = Form.useFormInstance<{ plans: PlanRow[] }>();
  const rows = (Form.useWatch('plans', form) as PlanRow[] | undefined) ?? [];
  const row = rows[at] ?? {};
  // What is chosen keeps its name here, though the switch above closes it: the server says so.
  const plans = variantsByPlan(offers.filter(({ code, new_employment_form }) => !wide || new_employment_form || code === row.code));
  const variants = plans.get(row.name ?? '') ?? [];
  const offer = offers.find(({ code }) => code === row.code);
  // A variant stands in one row.
  const elsewhere = new Set(rows.filter((_, i) => i !== at).map(({ code }) => code));
  const forWomen = (name: string, only: boolean) => (only ? `${name}（${t('限女职工')}）` : name);
  const choosePlan = (name: string) => {
    const [first, ...others] = plans.get(name) ?? [];
    form.setFieldValue(['plans', at, 'code'], others.length > 0 ? undefined : first?.code);
  };
  return (
    <div className="row">
      <Form.Item className="grow" name={[at, 'name']} label={t('保障活动')} rules={[{ required: true, message: t('请选择保障活动') }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('请选择')}
          onChange={choosePlan}
          options={[...plans].map(([name, its]) => ({
            value: name,
            label: forWomen(name, its.every(({ women_only }) => women_only)),
            disabled: its.every(({ code }) => elsewhere.has(code)),
          }))}
        />
      </Form.Item>
      <Form.Item className="grow" name={[at, 'code']} label={t('保障活动细类')} rules={[{ required: true, message: t('请选择{what}', { what: t('保障活动细类') }) }]}>
        <Select
          placeholder={t('请选择')}
          disabled={!row.name}
          options={variants.map((one) => ({ value: one.code, label: forWomen(one.variant, one.women_only), disabled: elsewhere.has(one.code) }))}
        />
      </Form.Item>
      <div className="row-fact">
        <span className="label">{t('标准会费（元）')}</span>
        <Money fen={offer?.fee_fen} />
      </div>
      <Form.Item
        name={[at, 'shares']}
        label={t('份数')}
        rules={[{ required: true, message: t('请填写份数') }]}
        extra={offer ? t('最多{max}份', { max: offer.max_shares }) : undefined}
      >
        <InputNumber min={1} precision={0} {...(offer ? { max: offer.max_shares } : {})} />
      </Form.Item>
      <div className="row-fact">
        <span className="label">{t('年龄')}</span>
        <span>{offer ? t('{from}–{to}岁', { from: offer.age[0] ?? 0, to: offer.age[1] ?? 0 }) : '–'}</span>
      </div>
      {children}
    </div>
  );
}
