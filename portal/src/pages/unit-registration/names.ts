/** What units and their papers can be (workflows: unit registration). */
import type { Key } from '../../i18n';

export const NATURES = {
  administration: '行政单位',
  institution: '事业单位',
  'state-owned': '国有企业',
  collective: '集体企业',
  private: '私营企业',
  foreign: '外资企业',
  'social-organisation': '社会团体',
  other: '其他',
} as const satisfies Record<string, Key>;

export const CERTIFICATES = {
  'business-licence': '营业执照',
  'institution-certificate': '事业单位法人证书',
  'social-organisation-certificate': '社会团体法人登记证书',
  'credit-code-certificate': '统一社会信用代码证书',
  other: '其他',
} as const satisfies Record<string, Key>;
