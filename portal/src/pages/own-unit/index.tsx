/** 信息维护: what a unit may change of itself – its address and its contacts. The rest is what its papers say. */
import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input, Tabs } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import { unitImages, unit as unitQuery } from '../../api/queries';
import type { AddressInput, ManagedUnit } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { Contacts } from '../../kit/contacts';
import { useGuard } from '../../kit/guard';
import { ProblemAlert, placeFaults } from '../../kit/problem';
import { Load, NotPermitted } from '../../kit/states';
import { Papers, UnitFacts } from '../../kit/unit';
import { useUnitCommand } from '../../kit/unitCommand';
import { UnitTrail } from '../../kit/unitTrail';
import { useMe } from '../../shell/access';

export default function OwnUnit() {
  const { unit } = useMe();
  return unit ? <Own unit={unit} /> : <NotPermitted />;
}

function Own({ unit }: { unit: string }) {
  const query = useQuery(unitQuery(unit));
  return <Load query={query}>{(view) => <Loaded view={view} />}</Load>;
}

function Loaded({ view }: { view: ManagedUnit }) {
  const t = useT();
  const images = useQuery({ ...unitImages(view.id, view.version), enabled: view.has_images });
  return (
    <>
      <h1>{t('信息维护')}</h1>
      <section className="panel">
        <UnitFacts unit={view.facts} />
        <p className="quiet">{t('以上信息与证件一致；除地址和联系人外，如有变更请联系归属代办处办理。')}</p>
        <Address view={view} />
      </section>
      <section className="panel">
        <Tabs
          items={[
            { key: 'contacts', label: `${t('联系人')} ${view.contacts.length}`, children: <Contacts view={view} editable /> },
            ...(view.has_images ? [{ key: 'papers', label: t('证件图片'), children: <Load query={images}>{(links) => <Papers images={links} />}</Load> }] : []),
            { key: 'trail', label: t('操作轨迹'), children: <UnitTrail id={view.id} /> },
          ]}
        />
      </section>
    </>
  );
}

function Address({ view }: { view: ManagedUnit }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<AddressInput>();
  const [opened, setOpened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const begin = (unit: ManagedUnit) => {
    setOpened(unit);
    form.setFieldsValue({ address: unit.facts.address ?? '' });
    setDirty(false);
  };
  const command = useUnitCommand<AddressInput>({
    seen: opened,
    basis: (unit) => [{ label: t('地址'), value: unit.facts.address ?? '' }],
    mine: ({ address }) => [{ label: t('地址'), value: address }],
    taken: begin,
    send: async (body, header) => {
      try {
        begin(await answer(api.PUT('/units/{unit}/address', { params: { path: { unit: view.id }, header }, body })));
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['address']));
        throw error;
      }
    },
    done: () => void message.success(t('已保存')),
  });
  return (
    <>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} name="own" layout="vertical" initialValues={{ address: view.facts.address ?? '' }} onValuesChange={() => setDirty(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="address" label={t('地址')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('地址') }) }]}>
          <Input maxLength={100} showCount autoComplete="street-address" />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={!dirty} loading={command.pending}>
          {t('保存地址')}
        </Button>
      </Form>
      {command.dialog}
      {guard}
    </>
  );
}
