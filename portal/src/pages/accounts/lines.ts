/** What an account says, line by line: for comparing two versions of it. */
import type { ManagedAccount, NodeView, RoleView } from '../../api/schema.gen';
import type { Translate } from '../../i18n';
import type { Line } from '../../kit/versioned';
import { placeName } from '../../kit/nodes';

/** Chinese names of roles, `参保初审、财务`. */
export function roleNames(roles: string[], known: RoleView[]): string {
  return roles.map((role) => known.find((one) => one.role === role)?.name ?? role).join('、');
}

/** What names the roles and places of an account. */
export interface Known {
  roles: RoleView[];
  nodes: NodeView[];
}

interface Appointed {
  name: string;
  roles: string[];
  node: string;
}

/** What a change of an account is about. */
export function accountLines({ name, roles, node }: Appointed, mobile: string, known: Known, t: Translate): Line[] {
  return [
    { label: t('姓名'), value: name },
    { label: t('手机号码'), value: mobile },
    { label: t('角色'), value: roleNames(roles, known.roles) },
    { label: t('所在机构'), value: placeName(known.nodes, node) },
  ];
}

/** What a command about an account is decided on: the same, and whether it may sign in. */
export function standingLines(seen: ManagedAccount, known: Known, t: Translate): Line[] {
  return [...accountLines(seen, seen.mobile ?? '', known, t), { label: t('状态'), value: seen.active ? t('启用') : t('停用') }, { label: t('动态口令'), value: seen.totp ? t('已绑定') : t('未绑定') }];
}
