/** What permissions are called, by the names of GET /me. */
import type { Key, Translate } from '../i18n';

export const PERMISSIONS: Record<string, Key> = {
  'read-enrolments': '查看参保单',
  'enter-enrolments': '参保录入',
  'enter-receipts': '线上开票录入',
  'print-notices': '打印缴费通知单',
  'print-certificates': '打印确认书',
  'withdraw-early': '撤销（复审之前）',
  'withdraw-late': '撤销（到账之前）',
  'unmask-numbers': '查看完整号码',
  'work-first-review': '参保初审',
  'work-second-review': '参保复审',
  'work-final-review': '参保终审',
  'work-payment': '到账确认',
  'work-archive': '确认书归档',
  'work-registrations': '注册审核',
  'dispatch-tasks': '调度',
  'restrict-people': '维护限制名单',
  'read-books': '查询到账和业财明细',
  'amend-receipts': '作废和重开票据',
  'read-units': '查询单位',
  'manage-units': '单位注册、维护和合并',
  'maintain-own-unit': '维护本单位信息',
  'read-plans': '查看活动、规则和补贴',
  'manage-plans': '维护活动、规则和补贴',
  'read-messages': '查询消息',
  'resend-messages': '重新发送消息',
  'read-accounts': '查看账号和机构',
  'manage-accounts': '管理账号',
  'manage-organisation': '管理机构和设置',
  'read-sign-ins': '查看登录日志',
  'read-actions': '查询轨迹',
};

export function permissionName(permission: string, t: Translate): string {
  const name = PERMISSIONS[permission];
  return name ? t(name) : permission;
}
