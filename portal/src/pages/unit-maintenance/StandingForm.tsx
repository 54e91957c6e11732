/** How a unit stands: active, restricted, classified (涉密单位). Sent together. */
import { App, Button, Form, Switch } from 'antd';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { ManagedUnit, StandingInput } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { ProblemAlert } from '../../kit/problem';
import { useUnitCommand } from '../../kit/unitCommand';
import type { Part } from './Maintain';

export function StandingForm({ view, mark }: { view: ManagedUnit; mark: (part: Part, changed: boolean) => void }) {
  const t = useT();
  const { message } = App.useApp();
  const [form] = Form.useForm<StandingInput>();
  const [opened, setOpened] = useState(view);
  const [dirty, setDirty] = useState(false);
  const change = (changed: boolean) => {
    setDirty(changed);
    mark('standing', changed);
  };
  const begin = (unit: ManagedUnit) => {
    setOpened(unit);
    form.setFieldsValue(unit);
    change(false);
  };
  const said = ({ active, restricted, classified }: StandingInput) => {
    const yes = (value: boolean) => (value ? t('是') : t('否'));
    return [
      { label: t('启用'), value: yes(active) },
      { label: t('限制参保'), value: yes(restricted) },
      { label: t('涉密单位'), value: yes(classified) },
    ];
  };
  const command = useUnitCommand<StandingInput>({
    seen: opened,
    basis: said,
    mine: said,
    taken: begin,
    send: async (body, header) => begin(await answer(api.PUT('/units/{unit}/standing', { params: { path: { unit: view.id }, header }, body }))),
    done: () => void message.success(t('已保存')),
  });
  const { active, restricted, classified } = view;
  return (
    <>
      <ProblemAlert error={command.error} />
      <Form form={form} name="standing" layout="horizontal" labelCol={{ flex: '7em' }} labelAlign="left" initialValues={{ active, restricted, classified }} onValuesChange={() => change(true)} onFinish={(values) => void command.run(values)}>
        <Form.Item name="active" label={t('启用')} valuePropName="checked" extra={t('停用的单位不能新建参保单。')}>
          <Switch />
        </Form.Item>
        <Form.Item name="restricted" label={t('限制参保')} valuePropName="checked" extra={t('限制的单位不能新建参保单，解除后恢复。')}>
          <Switch />
        </Form.Item>
        <Form.Item name="classified" label={t('涉密单位')} valuePropName="checked" extra={t('涉密单位的名称和信用代码只有归属代办处可见。')}>
          <Switch />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={!dirty} loading={command.pending}>
          {t('保存')}
        </Button>
      </Form>
      {command.dialog}
    </>
  );
}
