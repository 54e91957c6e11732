/** Step 1, 保障活动录入: unit, 是否新业态, and rows of plan, variant, fee and shares. */
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Switch } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { plans as plansQuery } from '../../api/queries';
import type { EnrolmentView, PlanOffer } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { useCommand } from '../../kit/command';
import { useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Facts } from '../../kit/show';
import { Load } from '../../kit/states';
import { useMe } from '../../shell/access';
import { PlanRows, type PlanRow } from './PlanRows';

interface Values {
  new_employment_form: boolean;
  plans: PlanRow[];
}

export function Plans({ view, next }: { view: EnrolmentView; next: () => void }) {
  const offers = useQuery(plansQuery);
  return <Load query={offers}>{(list) => <PlansForm view={view} offers={list} next={next} />}</Load>;
}

function initial(view: EnrolmentView, offers: PlanOffer[]): Values {
  // What is offered under a code may have been renamed since.
  const rows = view.plans.map(({ name, code, shares }) => ({ name: offers.find((offer) => offer.code === code)?.name ?? name, code, shares }));
  return { new_employment_form: view.new_employment_form, plans: rows.length > 0 ? rows : [{ shares: 1 }] };
}

function PlansForm({ view, offers, next }: { view: EnrolmentView; offers: PlanOffer[]; next: () => void }) {
  const me = useMe();
  const t = useT();
  const [form] = Form.useForm<Values>();
  const [opened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const wide = (Form.useWatch('new_employment_form', form) as boolean | undefined) ?? view.new_employment_form;
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
      form.setFieldsValue(initial(theirs, offers));
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
        initialValues={initial(view, offers)}
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
        <PlanRows offers={offers} wide={wide} />
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
