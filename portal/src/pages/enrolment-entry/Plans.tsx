/** Step 1, 保障活动录入: unit, 是否新业态, and rows of plan, variant, fee and shares. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { plans as plansQuery } from '../../api/queries';
import type { EnrolmentView, PlanOffer } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Facts, Money } from '../../kit/show';
import { Load } from '../../kit/states';
import { useMe } from '../../shell/access';

interface Row {
  code?: string;
  shares?: number | null;
}

interface Values {
  new_employment_form: boolean;
  plans: Row[];
}

export function Plans({ view, next }: { view: EnrolmentView; next: () => void }) {
  const offers = useQuery(plansQuery);
  return <Load query={offers}>{(list) => <PlansForm view={view} offers={list} next={next} />}</Load>;
}

function initial(view: EnrolmentView): Values {
  const rows = view.plans.map(({ code, shares }) => ({ code, shares }));
  return { new_employment_form: view.new_employment_form, plans: rows.length > 0 ? rows : [{ shares: 1 }] };
}

function PlansForm({ view, offers, next }: { view: EnrolmentView; offers: PlanOffer[]; next: () => void }) {
  const me = useMe();
  const t = useT();
  const [form] = Form.useForm<Values>();
  const [opened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const shown = Form.useWatch((values: Values) => values, form) as Partial<Values> | undefined;
  const offer = (code: string | undefined) => offers.find((plan) => plan.code === code);
  const said = ({ plans, new_employment_form }: Values) => [
    { label: t('是否新业态'), value: new_employment_form ? t('是') : t('否') },
    { label: t('保障活动'), value: plans.map(({ code, shares }) => `${offer(code)?.variant ?? code ?? ''} × ${shares ?? 0}`).join('；') },
  ];
  const command = useCommand<Values>({
    seen: opened,
    basis: (seen) => said({ new_employment_form: seen.new_employment_form, plans: seen.plans }),
    mine: said,
    taken: (theirs) => {
      form.setFieldsValue(initial(theirs));
      setDirty(false);
    },
    send: async ({ new_employment_form, plans }, header, id) => {
      const body = { new_employment_form, plans: plans.map(({ code = '', shares }) => ({ code, version: offer(code)?.version ?? '', shares: shares ?? 0 })) };
      try {
        return await answer(api.PUT('/enrolments/{enrolment}/plans', { params: { path: { enrolment: id }, header }, body }));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['plans.code', 'plans.shares', 'new_employment_form']));
        throw error;
      }
    },
    done: () => {
      setDirty(false);
      // The guard lets go with the next rendering.
      setTimeout(next);
    },
  });
  const chosen = (shown?.plans ?? []).map((row) => row.code);
  const wide = shown?.new_employment_form ?? false;
  return (
    <div className="panel">
      <Facts
        facts={[
          [t('单位名称'), view.unit_name],
          // For a unit it is where it belongs, for an office that enters on its behalf its own.
          [t('所属机构'), me.node_name],
          [t('申请书号'), view.application_number],
        ]}
      />
      <Form
        form={form}
        layout="vertical"
        initialValues={initial(view)}
        onValuesChange={() => setDirty(true)}
        onFinish={(values) => {
          // Nothing was changed: nothing is sent.
          if (!dirty && view.plans.length > 0) next();
          else void command.run(values);
        }}
      >
        <ProblemAlert error={command.error} />
        <Form.Item name="new_employment_form" label={t('是否新业态')} valuePropName="checked" extra={t('新就业形态劳动者参加的活动')}>
          <Switch checkedChildren={t('是')} unCheckedChildren={t('否')} />
        </Form.Item>
        <Form.List name="plans">
          {(fields, { add, remove }) => (
            <div className="rows" role="group" aria-label={t('保障活动')}>
              {fields.map((field, i) => {
                const plan = offer(shown?.plans?.[field.name]?.code);
                return (
                  <div className="row" key={field.key}>
                    <Form.Item
                      className="grow"
                      name={[field.name, 'code']}
                      label={t('保障活动')}
                      rules={[{ required: true, message: t('请选择保障活动') }]}
                    >
                      <Select
                        showSearch={{ optionFilterProp: 'label' }}
                        placeholder={t('请选择')}
                        options={offers
                          .filter(({ new_employment_form }) => !wide || new_employment_form)
                          .map((one) => ({
                            value: one.code,
                            label: `${one.name} · ${one.variant}${one.women_only ? `（${t('限女职工')}）` : ''}`,
                            disabled: chosen.includes(one.code) && one.code !== plan?.code,
                          }))}
                      />
                    </Form.Item>
                    <div className="row-fact">
                      <span className="label">{t('标准会费（元）')}</span>
                      <Money fen={plan?.fee_fen} />
                    </div>
                    <Form.Item
                      name={[field.name, 'shares']}
                      label={t('份数')}
                      rules={[{ required: true, message: t('请填写份数') }]}
                      extra={plan ? t('最多{max}份', { max: plan.max_shares }) : undefined}
                    >
                      <InputNumber min={1} precision={0} {...(plan ? { max: plan.max_shares } : {})} />
                    </Form.Item>
                    <div className="row-fact">
                      <span className="label">{t('年龄')}</span>
                      <span>{plan ? t('{from}–{to}岁', { from: plan.age[0] ?? 0, to: plan.age[1] ?? 0 }) : '–'}</span>
                    </div>
                    <Button
                      className="row-button"
                      icon={<DeleteOutlined aria-hidden />}
                      disabled={fields.length === 1}
                      aria-label={t('删除第{n}行', { n: i + 1 })}
                      onClick={() => remove(field.name)}
                    />
                  </div>
                );
              })}
              <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => add({ shares: 1 })} disabled={fields.length >= offers.length}>
                {t('添加保障活动')}
              </Button>
            </div>
          )}
        </Form.List>
        <div className="form-foot">
          <Button type="primary" htmlType="submit" loading={command.pending}>
            {t('保存，下一步')}
          </Button>
        </div>
      </Form>
      {command.dialog}
      {guard}
    </div>
  );
}
