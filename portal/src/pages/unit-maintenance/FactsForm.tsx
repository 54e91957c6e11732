/** What is on record of a unit. */
import { App, Button, Form } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { ManagedUnit, UnitInput } from '../../api/schema.gen';
import { useT, type Translate } from '../../i18n';
import { named } from '../../kit/enrolment';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { useUnitCommand } from '../../kit/unitCommand';
import { UNIT_FIELDS, UnitFields, partOf } from '../../kit/unitFields';
import type { Line } from '../../kit/versioned';
import { CERTIFICATES, NATURES } from '../unit-registration/names';
import type { Part } from './Maintain';

const FIELDS = new Set(UNIT_FIELDS);

function linesOf(unit: UnitInput, t: Translate): Line[] {
  const { region } = unit;
  const said = (value: string | undefined) => value || '–';
  return [
    { label: t('单位名称'), value: said(unit.name) },
    { label: t('单位性质'), value: said(named(NATURES, unit.nature ?? '', t)) },
    { label: t('证件类型'), value: said(named(CERTIFICATES, unit.certificate_type ?? '', t)) },
    { label: t('统一社会信用代码'), value: said(unit.code) },
    { label: t('证件有效期至'), value: unit.certificate_valid_until || t('长期') },
    { label: t('所属行业'), value: said(unit.industry) },
    { label: t('工会名称'), value: said(unit.union_name) },
    { label: t('工会统一社会信用代码'), value: said(unit.union_code) },
    { label: t('上级单位'), value: said(unit.parent_unit) },
    { label: t('省市县'), value: said([region?.province, region?.city, region?.county].filter(Boolean).join(' ')) },
    { label: t('地址'), value: said(unit.address) },
  ];
}

export function FactsForm({ view, mark }: { view: ManagedUnit; mark: (part: Part, changed: boolean) => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<UnitInput>();
  const [opened, setOpened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const change = (changed: boolean) => {
    setDirty(changed);
    mark('facts', changed);
  };
  const begin = (unit: ManagedUnit) => {
    setOpened(unit);
    form.setFieldsValue(unit.facts);
    change(false);
  };
  const command = useUnitCommand<UnitInput>({
    seen: opened,
    basis: (unit) => linesOf(unit.facts, t),
    mine: (values) => linesOf(values, t),
    taken: begin,
    send: async (body, header) => {
      try {
        begin(await answer(api.PUT('/units/{unit}', { params: { path: { unit: view.id }, header }, body })));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults.map((fault) => ({ ...fault, pointer: partOf(fault.pointer) })), FIELDS);
        throw error;
      }
    },
    done: () => void message.success(t('已保存')),
  });
  return (
    <>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} name="facts" layout="vertical" initialValues={view.facts} onValuesChange={() => change(true)} onFinish={(values) => void command.run(values)} scrollToFirstError={{ focus: true }}>
        <UnitFields at={[]} />
        <div className="form-foot">
          <Button disabled={!dirty || command.pending} onClick={() => begin(view)}>
            {t('放弃修改')}
          </Button>
          <Button type="primary" htmlType="submit" disabled={!dirty} loading={command.pending}>
            {t('保存')}
          </Button>
        </div>
      </Form>
      {command.dialog}
    </>
  );
}
