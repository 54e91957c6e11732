/** The application of a unit: office and agency in their tree, the unit, its contact, images of its papers. */
import { useQuery } from '@tanstack/react-query';
import { DatePicker, Form, Input, Select, TreeSelect, type FormInstance } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { answer, api } from '../../api/client';
import { Refused } from '../../api/problem';
import type { ApplicationInput, RegistrationNode } from '../../api/schema.gen';
import type { Paper } from '../../api/upload';
import { useT, type Key } from '../../i18n';
import { placeFaults } from '../../kit/problem';
import { UploadBox } from '../../kit/uploads';
import { CERTIFICATES, NATURES } from './names';

const FIELDS = new Set([
  'office',
  'agency',
  ...['name', 'nature', 'certificate_type', 'certificate_valid_until', 'code', 'union_name', 'union_code', 'industry', 'parent_unit', 'address'].map((name) => `unit.${name}`),
  ...['province', 'city', 'county'].map((name) => `unit.region.${name}`),
  ...['name', 'position', 'mobile', 'email', 'office_phone.area_code', 'office_phone.number'].map((name) => `contact.${name}`),
  'images.unit_certificate',
  'images.union_certificate',
]);

/** Puts the server's reasons beside their fields; answers those that have none. */
export function placeApplicationFaults(form: FormInstance<ApplicationInput>, error: unknown) {
  if (!(error instanceof Refused)) return [];
  const faults = error.faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/application/, '').replace(/^\/unit\/region$/, '/unit/region/province').replace(/^\/contact\/office_phone$/, '/contact/office_phone/number') }));
  return placeFaults(form, faults, FIELDS);
}

interface TreeNode {
  value: string;
  title: string;
  selectable: boolean;
  children: TreeNode[];
}

function treeOf(nodes: RegistrationNode[]): TreeNode[] {
  const all = new Map<string, TreeNode>(nodes.map((node) => [node.id, { value: node.id, title: node.name, selectable: node.selectable, children: [] }]));
  const roots: TreeNode[] = [];
  for (const node of nodes) {
    const here = all.get(node.id);
    if (here) (all.get(node.parent)?.children ?? roots).push(here);
  }
  return roots;
}

export function ApplicationForm({ form, initial, submit, foot }: { form: FormInstance<ApplicationInput>; initial?: ApplicationInput; submit: (values: ApplicationInput) => void; foot: ReactNode }) {
  const t = useT();
  const office: string | undefined = Form.useWatch('office', form);
  const offices = useQuery({ queryKey: ['offices'], queryFn: () => answer(api.GET('/offices')), staleTime: 300_000 });
  const agencies = useQuery({
    queryKey: ['agencies', office],
    queryFn: () => answer(api.GET('/offices/{office}/agencies', { params: { path: { office: office ?? '' } } })),
    enabled: Boolean(office),
    staleTime: 300_000,
  });
  const text = (name: (string | number)[], label: Key, required: boolean, more: { complete?: string; hint?: Key } = {}) => (
    <Form.Item name={name} label={t(label)} rules={required ? [{ required: true, whitespace: true, message: t('请填写{what}', { what: t(label) }) }] : []} extra={more.hint && t(more.hint)}>
      <Input autoComplete={more.complete ?? 'off'} />
    </Form.Item>
  );
  const pick = (name: (string | number)[], label: Key, names: Record<string, Key>) => (
    <Form.Item name={name} label={t(label)} rules={[{ required: true, message: t('请选择{what}', { what: t(label) }) }]}>
      <Select options={Object.entries(names).map(([value, key]) => ({ value, label: t(key) }))} />
    </Form.Item>
  );
  return (
    <Form form={form} layout="vertical" initialValues={initial ?? {}} onFinish={(values: ApplicationInput) => submit(values)} scrollToFirstError={{ focus: true }}>
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
          <TreeSelect
            showSearch={{ treeNodeFilterProp: 'title' }}
            disabled={!office}
            loading={agencies.isFetching}
            treeDefaultExpandAll
            treeData={treeOf(agencies.data ?? [])}
            placeholder={t('可输入名称查找')}
          />
        </Form.Item>
      </div>
      <h2>{t('单位信息')}</h2>
      <div className="two">
        {text(['unit', 'name'], '单位名称', true, { complete: 'organization' })}
        {pick(['unit', 'nature'], '单位性质', NATURES)}
        {pick(['unit', 'certificate_type'], '证件类型', CERTIFICATES)}
        {text(['unit', 'code'], '统一社会信用代码', true)}
        <Form.Item
          name={['unit', 'certificate_valid_until']}
          label={t('证件有效期至')}
          extra={t('长期有效的不填')}
          getValueProps={(value: string | undefined) => ({ value: value ? dayjs(value) : null })}
          normalize={(value: Dayjs | null) => (value ? value.format('YYYY-MM-DD') : '')}
        >
          <DatePicker style={{ width: '100%' }} />
        </Form.Item>
        {text(['unit', 'industry'], '所属行业', false)}
        {text(['unit', 'union_name'], '工会名称', true)}
        {text(['unit', 'union_code'], '工会统一社会信用代码', true)}
        {text(['unit', 'parent_unit'], '上级单位', false)}
      </div>
      <div className="three">
        {text(['unit', 'region', 'province'], '省、自治区、直辖市', true, { complete: 'address-level1' })}
        {text(['unit', 'region', 'city'], '市、州', true, { complete: 'address-level2' })}
        {text(['unit', 'region', 'county'], '区、县', true, { complete: 'address-level3' })}
      </div>
      {text(['unit', 'address'], '地址', true, { complete: 'street-address' })}
      <h2>{t('联系人')}</h2>
      <div className="two">
        {text(['contact', 'name'], '姓名', true, { complete: 'name' })}
        {text(['contact', 'position'], '职务', false)}
        {text(['contact', 'mobile'], '手机号码', true, { complete: 'tel', hint: '审核结果和设置密码的链接发送到此手机' })}
        {text(['contact', 'email'], '电子邮箱', true, { complete: 'email' })}
        {text(['contact', 'office_phone', 'area_code'], '办公电话区号', true)}
        {text(['contact', 'office_phone', 'number'], '办公电话号码', true)}
      </div>
      <h2>{t('证件图片')}</h2>
      <div className="two">
        <PaperField name="unit_certificate" purpose="unit-certificate" label="单位证件" />
        <PaperField name="union_certificate" purpose="union-certificate" label="工会法人资格证书" />
      </div>
      {foot}
    </Form>
  );
}

function PaperField({ name, purpose, label }: { name: 'unit_certificate' | 'union_certificate'; purpose: Paper; label: Key }) {
  const t = useT();
  const form = Form.useFormInstance<ApplicationInput>();
  const [preview, setPreview] = useState<string | null>(null);
  return (
    <div>
      <UploadBox
        purpose={purpose}
        multiple={false}
        label={t('上传{what}', { what: t(label) })}
        accepted={({ upload }, file) => {
          form.setFieldValue(['images', name], upload);
          void form.validateFields([['images', name]]);
          setPreview(URL.createObjectURL(file));
        }}
      />
      {preview && <img className="paper" src={preview} alt={t(label)} />}
      <Form.Item name={['images', name]} rules={[{ required: true, message: t('请上传{what}', { what: t(label) }) }]}>
        <input type="hidden" />
      </Form.Item>
    </div>
  );
}
