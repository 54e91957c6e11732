import { expect, it } from 'vitest';
import { topicAddress } from './topic';

it('leads to what an action was about, and nowhere where an auditor sees nothing', () => {
  const at = (kind: string, subject: string, name = '') => topicAddress({ kind, subject, name });
  expect(at('enrolment', 'e-1', 'A26')).toBe('/enrolment-query/e-1');
  expect(at('account', 'account-zhoucaiwu', 'zhoucaiwu')).toBe('/accounts/zhoucaiwu');
  expect(at('node', 'node-2602', '陕西省办事处')).toBe('/organisation?node=2602');
  expect(at('plan', 'plan-hospital-a', 'hospital-a')).toBe('/plan-variants/hospital-a');
  expect(at('restriction', '2602-01J8Z7Q0C2N5T4R8K6W3Y1XABC')).toBeUndefined();
});
