/** Name, mobile number, place and roles: what a new account and one that is changed have alike. */
import { Form, Input, Select, TreeSelect, type FormInstance } from 'antd';
import { useMemo } from 'react';
import { Refused } from '../../api/problem';
import type { NodeView, RoleView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { branches } from '../../kit/nodes';
import { placeFaults } from '../../kit/problem';
import { useMe } from '../../shell/access';

export interface AccountValues {
  name: string;
  user_name?: string;
  mobile?: string;
  node: string;
  roles: string[];
}

const FIELDS = new Set(['name', 'user_name', 'mobile', 'node', 'roles']);
const USER_NAME = /^[a-z][a-z0-9]{2,39}$/;
const MOBILE = /^1[3-9]\d{9}$/;

/** Puts the server's reasons beside their fields; those about one role stand beside all of them. */
export function placeAccountFaults(form: FormInstance<AccountValues>, error: unknown) {
  if (!(error instanceof Refused)) return [];
  const faults = error.faults.map((fault) => ({ ...fault, pointer: fault.pointer.replace(/^\/roles\/\d+$/, '/roles') }));
  return placeFaults(form, faults, FIELDS);
}

interface Props {
  nodes: NodeView[];
  roles: RoleView[];
  /** A unit's account stays with its unit and is its handler's. */
  ofUnit?: boolean;
  /** The mobile number there is, masked; it stays if none is typed. Absent for a new account. */
  mobile?: string | null;
}

export function AccountFields({ nodes, roles, ofUnit = false, mobile }: Props) {
  const t = useT();
  const me = useMe();
  const tree = useMemo(() => branches(nodes), [nodes]);
  const node = Form.useWatch('node') as string | undefined;
  const fresh = mobile === undefined;
  const options = roles
    .filter((role) => role.for_units === ofUnit)
    .map(({ role, name, grantable_here }) => {
      const fromAbove = node === me.node && !grantable_here;
      return { value: role, label: fromAbove ? `${name}（${t('由上级授予')}）` : name, disabled: fromAbove };
    });
  return (
    <>
      <div className={fresh ? 'triples' : 'pairs'}>
        <Form.Item name="name" label={t('姓名')} rules={[{ required: true, whitespace: true, message: t('请填写{what}', { what: t('姓名') }) }]}>
          <Input autoComplete="off" maxLength={50} />
        </Form.Item>
        {fresh && (
          <Form.Item name="user_name" label={t('用户名')} extra={t('不填则用姓名的拼音')} rules={[{ pattern: USER_NAME, message: t('用户名应为3至40位小写字母和数字，以字母开头') }]}>
            <Input autoComplete="off" maxLength={40} />
          </Form.Item>
        )}
        <Form.Item
          name="mobile"
          label={t('手机号码')}
          extra={fresh ? t('设置密码的链接发送到此手机') : mobile ? t('现为{mobile}，不填则不变', { mobile }) : t('尚未登记')}
          rules={[
            { required: fresh, message: t('请填写{what}', { what: t('手机号码') }) },
            { pattern: MOBILE, message: t('手机号码应为11位数字，以1开头') },
          ]}
        >
          <Input autoComplete="off" inputMode="tel" maxLength={11} />
        </Form.Item>
      </div>
      <Form.Item name="node" label={t('所在机构')} rules={[{ required: true, message: t('请选择{what}', { what: t('所在机构') }) }]} extra={ofUnit ? t('单位账号随单位，不能调动') : t('账号只能查看和办理该机构及其下级的业务')}>
        {ofUnit ? <Input disabled /> : <TreeSelect showSearch={{ treeNodeFilterProp: 'title' }} treeDefaultExpandAll treeData={tree} placeholder={t('可输入名称查找')} />}
      </Form.Item>
      <Form.Item name="roles" label={t('角色')} rules={[{ required: true, message: t('请至少选择一个角色') }]}>
        <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options} />
      </Form.Item>
    </>
  );
}
