/** The fields of a unit and of its contacts, for the forms that have them. `at` is where they stand in the form. */
import { DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useT, type Key } from '../i18n';
import { CERTIFICATES, NATURES } from '../pages/unit-registration/names';

/** Names of fields as `placeFaults` knows them. */
export const UNIT_FIELDS = [
  ...['name', 'nature', 'certificate_type', 'certificate_valid_until', 'code', 'union_name', 'union_code', 'industry', 'parent_unit', 'address'],
  ...['province', 'city', 'county'].map((name) => `region.${name}`),
];
export const CONTACT_FIELDS = ['name', 'position', 'mobile', 'email', 'office_phone.area_code', 'office_phone.number'];

/** A fault of a whole region or number stands beside its first part. */
export function partOf(pointer: string): string {
  return pointer.replace(/\/region$/, '/region/province').replace(/\/office_phone$/, '/office_phone/number');
}

interface TextProps {
  name: string[];
  label: Key;
  required?: boolean;
  complete?: string;
  hint?: Key | undefined;
}

function Text({ name, label, required = false, complete = 'off', hint }: TextProps) {
  const t = useT();
  return (
    <Form.Item name={name} label={t(label)} rules={required ? [{ required: true, whitespace: true, message: t('请填写{what}', { what: t(label) }) }] : []} extra={hint && t(hint)}>
      <Input autoComplete={complete} />
    </Form.Item>
  );
}

function Pick({ name, label, names }: { name: string[]; label: Key; names: Record<string, Key> }) {
  const t = useT();
  return (
    <Form.Item name={name} label={t(label)} rules={[{ required: true, message: t('请选择{what}', { what: t(label) }) }]}>
      <Select options={Object.entries(names).map(([value, key]) => ({ value, label: t(key) }))} />
    </Form.Item>
  );
}

export function UnitFields({ at }: { at: string[] }) {
  const t = useT();
  return (
    <>
      <div className="two">
        <Text name={[...at, 'name']} label="单位名称" required complete="organization" />
        <Pick name={[...at, 'nature']} label="单位性质" names={NATURES} />
        <Pick name={[...at, 'certificate_type']} label="证件类型" names={CERTIFICATES} />
        <Text name={[...at, 'code']} label="统一社会信用代码" required />
        <Form.Item
          name={[...at, 'certificate_valid_until']}
          label={t('证件有效期至')}
          extra={t('长期有效的不填')}
          getValueProps={(value: string | undefined) => ({ value: value ? dayjs(value) : null })}
          normalize={(value: Dayjs | null) => (value ? value.format('YYYY-MM-DD') : '')}
        >
          <DatePicker style={{ width: '100%' }} />
        </Form.Item>
        <Text name={[...at, 'industry']} label="所属行业" />
        <Text name={[...at, 'union_name']} label="工会名称" required />
        <Text name={[...at, 'union_code']} label="工会统一社会信用代码" required />
        <Text name={[...at, 'parent_unit']} label="上级单位" />
      </div>
      <div className="three">
        <Text name={[...at, 'region', 'province']} label="省、自治区、直辖市" required complete="address-level1" />
        <Text name={[...at, 'region', 'city']} label="市、州" required complete="address-level2" />
        <Text name={[...at, 'region', 'county']} label="区、县" required complete="address-level3" />
      </div>
      <Text name={[...at, 'address']} label="地址" required complete="street-address" />
    </>
  );
}

export function ContactFields({ at, mobileHint }: { at: string[]; mobileHint?: Key }) {
  return (
    <div className="two">
      <Text name={[...at, 'name']} label="姓名" required complete="name" />
      <Text name={[...at, 'position']} label="职务" />
      <Text name={[...at, 'mobile']} label="手机号码" required complete="tel" hint={mobileHint} />
      <Text name={[...at, 'email']} label="电子邮箱" required complete="email" />
      <Text name={[...at, 'office_phone', 'area_code']} label="办公电话区号" required />
      <Text name={[...at, 'office_phone', 'number']} label="办公电话号码" required />
    </div>
  );
}
