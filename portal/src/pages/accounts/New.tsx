/** 新建账号: an account of the back office. Units' own accounts are opened with their contacts. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { administration, nodes as nodesQuery, roles as rolesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { NodeView, RoleView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { SAVED, useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Load, NotPermitted } from '../../kit/states';
import { useMay } from '../../shell/access';
import { AccountFields, placeAccountFaults, type AccountValues } from './AccountFields';

export default function New() {
  const may = useMay();
  const nodes = useQuery(nodesQuery);
  const roles = useQuery(rolesQuery);
  if (!may('manage-accounts')) return <NotPermitted />;
  return <Load query={nodes}>{(tree) => <Load query={roles}>{(known) => <NewForm nodes={tree} roles={known} />}</Load>}</Load>;
}

function NewForm({ nodes, roles }: { nodes: NodeView[]; roles: RoleView[] }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [params] = useSearchParams();
  const [form] = Form.useForm<AccountValues>();
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const send = useSend(
    async ({ user_name, mobile = '', ...values }: AccountValues, key) => {
      try {
        return await answer(api.POST('/accounts', { params: { header: { 'Idempotency-Key': key } }, body: { ...values, mobile, ...(user_name ? { user_name } : {}) } }));
      } catch (error) {
        placeAccountFaults(form, error);
        throw error;
      }
    },
    async ({ id, user_name }) => {
      message.success(t('账号{name}已建立，设置密码的链接已发送', { name: user_name }));
      void queries.invalidateQueries({ queryKey: administration.accounts });
      return navigate(`/accounts/${id}`, { state: SAVED });
    },
  );
  const node = nodes.find(({ path }) => path === params.get('node'))?.path;
  return (
    <>
      <h1>{t('新建账号')}</h1>
      <div className="panel">
        <ProblemAlert error={send.error} />
        <Form
          form={form}
          layout="vertical"
          initialValues={node ? { node } : {}}
          onValuesChange={() => setDirty(true)}
          onFinish={(values) => void send.run(values)}
          scrollToFirstError={{ focus: true }}
        >
          <AccountFields nodes={nodes} roles={roles} />
          <div className="form-foot">
            <Link to="/accounts">
              <Button>{t('取消')}</Button>
            </Link>
            <Button type="primary" htmlType="submit" loading={send.pending}>
              {t('建立账号')}
            </Button>
          </div>
        </Form>
      </div>
      {guard}
    </>
  );
}
