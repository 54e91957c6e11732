/** 归属变更: the unit goes to another agency of its office, with its enrolments and their books. */
import { Alert, App, Button, Form } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { ManagedUnit } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { AgencyName, AgencySelect, nodeOf, officeOf } from '../../kit/agencies';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Facts } from '../../kit/show';
import { useUnitCommand } from '../../kit/unitCommand';
import { useMe } from '../../shell/access';
import type { Part } from './Maintain';

interface Values {
  agency?: string;
}

const FIELDS = new Set(['agency']);

export function AgencyForm({ view, mark }: { view: ManagedUnit; mark: (part: Part, changed: boolean) => void }) {
  const t = useT();
  const me = useMe();
  const { message } = App.useApp();
  const [form] = Form.useForm<Values>();
  const [opened, setOpened] = useState(view);
  const begin = (unit: ManagedUnit) => {
    setOpened(unit);
    form.resetFields();
    mark('agency', false);
  };
  const command = useUnitCommand<Values>({
    seen: opened,
    basis: ({ agency }) => [{ label: t('归属代办处'), value: agency }],
    taken: begin,
    send: async ({ agency = '' }, header) => {
      try {
        begin(await answer(api.PUT('/units/{unit}/agency', { params: { path: { unit: view.id }, header }, body: { agency } })));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, FIELDS);
        throw error;
      }
    },
    done: () => void message.success(t('归属已变更，参保单正在移交')),
  });
  const here = nodeOf(view.agency);
  return (
    <>
      <Facts facts={[[t('现归属代办处'), <AgencyName key="agency" path={view.agency} />]]} />
      <p className="quiet">{t('单位的参保单、保障和账务随之移交，单位人员须重新登录。有未完毕的参保单时不能变更。')}</p>
      {view.moving && <Alert className="gap" type="info" showIcon title={t('参保单正在移交，完成后才能再次变更。')} />}
      <ProblemAlert error={command.error} faults={[]} />
      <Form className="narrow" form={form} name="agency" layout="vertical" onValuesChange={() => mark('agency', true)} onFinish={(values) => void command.run(values)}>
        <Form.Item
          name="agency"
          label={t('新归属代办处')}
          rules={[
            { required: true, message: t('请选择{what}', { what: t('新归属代办处') }) },
            { validator: (_, agency?: string) => (agency === here ? Promise.reject(new Error(t('单位已归属该代办处'))) : Promise.resolve()) },
          ]}
        >
          <AgencySelect office={officeOf(view.agency)} within={nodeOf(me.node)} />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={view.moving} loading={command.pending}>
          {t('变更归属')}
        </Button>
      </Form>
      {command.dialog}
    </>
  );
}
