/** The application of a unit: office and agency in their tree, the unit, its contact, images of its papers. */
import { useQuery } from '@tanstack/react-query';
import { Form, Select, type FormInstance } from 'antd';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { ApplicationInput, ImageLinks } from '../../api/schema.gen';
import type { Paper } from '../../api/upload';
import { useT, type Key } from '../../i18n';
import { AgencySelect } from '../../kit/agencies';
import { placeFaults } from '../../kit/problem';
import { CONTACT_FIELDS, ContactFields, UNIT_FIELDS, UnitFields, partOf } from '../../kit/unitFields';
import { UploadBox } from '../../kit/uploads';

const FIELDS = new Set([
  'office',
  'agency',
  ...UNIT_FIELDS.map((name) => `unit.${name}`),
  ...CONTACT_FIELDS.map((name) => `contact.${name}`),
  'images.unit_certificate',
  'images.union_certificate',
]);

/** Puts the server's reasons beside their fields; answers those that have none. */
export function placeApplicationFaults(form: FormInstance<ApplicationInput>, error: unknown) {
  if (!(error instanceof Refused)) return [];
  const faults = error.faults.map((fault) => ({ ...fault, pointer: partOf(fault.pointer.replace(/^\/application/, '')) }));
  return placeFaults(form, faults, FIELDS);
}

interface Props {
  form: FormInstance<ApplicationInput>;
  initial?: ApplicationInput;
  /** Links to the images of the papers that were handed in before. */
  papers?: ImageLinks[];
  submit: (values: ApplicationInput) => void;
  changed?: () => void;
  foot: ReactNode;
}

export function ApplicationForm({ form, initial, papers = [], submit, changed, foot }: Props) {
  const t = useT();
  const office: string | undefined = Form.useWatch('office', form);
  const offices = useQuery({ queryKey: ['offices'], queryFn: () => answer(api.GET('/offices')), staleTime: 300_000 });
  return (
    <Form form={form} layout="vertical" initialValues={initial ?? {}} onValuesChange={() => changed?.()} onFinish={(values: ApplicationInput) => submit(values)} scrollToFirstError={{ focus: true }}>
      <h2>{t('归属')}</h2>
      <div className="two">
        <Form.Item name="office" label={t('办事处')} rules={[{ required: true, message: t('请选择{what}', { what: t('办事处') }) }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            loading={offices.isLoading}
            options={(offices.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            onChange={() => form.resetFields(['agency'])}
          />
        </Form.Item>
        <Form.Item name="agency" label={t('归属代办处')} rules={[{ required: true, message: t('请选择{what}', { what: t('归属代办处') }) }]}>
          <AgencySelect office={office ?? ''} />
        </Form.Item>
      </div>
      <h2>{t('单位信息')}</h2>
      <UnitFields at={['unit']} />
      <h2>{t('联系人')}</h2>
      <ContactFields at={['contact']} mobileHint="审核结果和设置密码的链接发送到此手机" />
      <h2>{t('证件图片')}</h2>
      <div className="two">
        <PaperField name="unit_certificate" purpose="unit-certificate" label="单位证件" papers={papers} changed={changed} />
        <PaperField name="union_certificate" purpose="union-certificate" label="工会法人资格证书" papers={papers} changed={changed} />
      </div>
      {foot}
    </Form>
  );
}

interface PaperProps {
  name: 'unit_certificate' | 'union_certificate';
  purpose: Paper;
  label: Key;
  papers: ImageLinks[];
  changed: (() => void) | undefined;
}

function PaperField({ name, purpose, label, papers, changed }: PaperProps) {
  const t = useT();
  const form = Form.useFormInstance<ApplicationInput>();
  const [preview, setPreview] = useState<string | null>(null);
  const before = papers.find(({ kind }) => kind === purpose);
  const shown = preview ?? before?.thumbnail_url ?? before?.url;
  return (
    <Form.Item label={t(label)} required>
      <UploadBox
        purpose={purpose}
        multiple={false}
        label={t('上传{what}', { what: t(label) })}
        accepted={({ upload }, file) => {
          form.setFieldValue(['images', name], upload);
          void form.validateFields([['images', name]]);
          setPreview(URL.createObjectURL(file));
          changed?.();
        }}
      />
      {shown && <img className="paper" src={shown} alt={t(label)} />}
      <Form.Item noStyle name={['images', name]} rules={[{ required: true, message: t('请上传{what}', { what: t(label) }) }]}>
        <input type="hidden" />
      </Form.Item>
    </Form.Item>
  );
}
