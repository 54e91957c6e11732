/** 角色: what each role grants, whom it is for, and who holds it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { roles as rolesQuery } from '../../api/administration';
import type { RoleView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { permissionName } from '../../kit/permissions';
import { Plain, Tag } from '../../kit/show';
import { Load } from '../../kit/states';
import { useMay } from '../../shell/access';

export default function Roles() {
  const t = useT();
  const may = useMay();
  const query = useQuery(rolesQuery);
  return (
    <>
      <h1>{t('角色')}</h1>
      <p className="quiet">{t('账号只能查看和办理所在机构及其下级的业务，能做什么由角色决定；一个账号可以有几个角色。')}</p>
      <section className="panel">
        <Load query={query}>
          {(roles) => (
            <Plain<RoleView>
              dataSource={roles}
              rowKey="role"
              columns={[
                { title: t('角色'), dataIndex: 'name', render: (name: string) => <strong>{name}</strong> },
                { title: t('类别'), dataIndex: 'for_units', render: (units: boolean) => (units ? t('单位账号') : t('机构账号')) },
                { title: t('权限'), dataIndex: 'permissions', render: (granted: string[]) => <Granted permissions={granted} /> },
                ...(may('manage-accounts') ? [{ title: t('授予'), key: 'grant', render: (_: unknown, role: RoleView) => <Grant role={role} /> }] : []),
                { title: t('操作'), key: 'actions', fixed: 'right', render: (_, { role }) => <Link to={`/accounts?role=${role}`}>{t('查看账号')}</Link> },
              ]}
            />
          )}
        </Load>
      </section>
    </>
  );
}

function Granted({ permissions }: { permissions: string[] }) {
  const t = useT();
  return (
    <ul className="granted">
      {permissions.map((permission) => (
        <li key={permission}>{permissionName(permission, t)}</li>
      ))}
    </ul>
  );
}

/** Accounts of units come with their unit; everything else somebody grants, here or from above. */
function Grant({ role }: { role: RoleView }) {
  const t = useT();
  if (role.for_units) return <Tag tone="gone">{t('随单位注册产生')}</Tag>;
  return role.grantable_here ? <Tag tone="good">{t('可由您在本机构授予')}</Tag> : <Tag tone="review">{t('本机构由上级授予')}</Tag>;
}
