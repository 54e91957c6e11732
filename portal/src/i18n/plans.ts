/** The English of plans, self-check rules, subsidies and gifted cover (活动管理). */
export const plans = {
  '新建细类': 'Variant opened',
  '新建草稿': 'Draft begun',
  '修改草稿': 'Draft edited',
  '删除草稿': 'Draft discarded',
  '发布版本': 'Version published',
  '撤回发布': 'Publication taken back',
  '设立补贴或赠险': 'Subsidy or gifted cover granted',
  '终止补贴或赠险': 'Subsidy or gifted cover ended',
} as const satisfies Record<string, string>;
