/** What an office decides for itself, line by line. */
import type { SettingsView } from '../../api/schema.gen';
import { yuan } from '../../format/money';
import type { Key, Translate } from '../../i18n';
import { LEVELS } from '../../kit/dispatch';
import { named } from '../../kit/enrolment';
import type { Line } from '../../kit/versioned';

export const FINAL_REVIEW: Record<string, Key> = { always: '一律终审', never: '不设终审', 'reviewer-decides': '由复审人决定' };
export const ROUNDING: Record<string, Key> = { 'half-up': '四舍五入到分', 'half-even': '四舍六入五成双到分', down: '舍去分以下' };

function targets({ level_targets = {} }: SettingsView, t: Translate): string {
  const own = LEVELS.flatMap(({ level, name }) => (level_targets[level] === undefined ? [] : [`${t(name)}${level_targets[level]}${t('个工作日')}`]));
  return own.join('；');
}

export function settingLines(s: SettingsView, t: Translate): Line[] {
  const yes = (value: boolean) => (value ? t('是') : t('否'));
  return [
    { label: t('参保终审'), value: named(FINAL_REVIEW, s.final_enrolment_review, t) },
    { label: t('审核时限'), value: `${s.review_target_working_days}${t('个工作日')}` },
    { label: t('各环节时限'), value: targets(s, t) || t('同审核时限') },
    { label: t('全员参保的人数下限'), value: s.min_staff_for_ratio == null ? t('按活动规定') : String(s.min_staff_for_ratio) },
    { label: t('名单必填手机号码'), value: yes(s.phone_required) },
    { label: t('结算日'), value: `${s.settlement_day}${t('日')}` },
    { label: t('续保宽限期'), value: `${s.renewal_grace_days}${t('天')}` },
    { label: t('户名'), value: s.collection_account.name },
    { label: t('开户行'), value: s.collection_account.bank },
    { label: t('账号'), value: s.collection_account.account_number },
    { label: t('联行号'), value: s.collection_account.branch_code },
    { label: t('联系电话'), value: s.telephone },
    { label: t('通讯地址'), value: s.address },
    { label: t('确认书隐藏证件号码'), value: yes(s.mask_certificate_ids) },
    { label: t('申领终审金额（元）'), value: yuan(s.final_claim_review_threshold_fen) },
    { label: t('申领金额取整'), value: named(ROUNDING, s.rounding, t) },
  ];
}
