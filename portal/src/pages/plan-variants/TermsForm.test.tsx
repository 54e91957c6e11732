import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Form } from 'antd';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '../../api/problem';
import { SpeechProvider } from '../../i18n';
import { TermsForm, placeTermFaults, termsOf, type TermValues } from './TermsForm';
import type { Terms } from './terms';

const TERMS: Terms = {
  version: '2026',
  name: '住院医疗',
  variant: 'A方案',
  kind: 'hospital',
  fee_fen: 9500,
  fee_high_risk_fen: 9500,
  max_shares: 1,
  term_months: 12,
  age: [16, 60],
  sex: 'any',
  participation: { minimum_percent: 60, all_below_staff: 20 },
  waiting: { none_until_day: 30 },
  new_employment_form: false,
  benefits: [{ code: 'stay', claim_type: '疾病住院', name: '住院医疗互助金', formula: 'reimbursement', ratio_percent: 70, source: 'a notice' }],
};

function Page({ submit, error }: { submit: (values: TermValues) => void; error?: Refused }) {
  const [form] = Form.useForm<TermValues>();
  return (
    <SpeechProvider>
      <TermsForm form={form} initial={TERMS} changed={() => undefined} submit={submit} foot={<button type="submit">保存草稿</button>} />
      {error && <button type="button" onClick={() => placeTermFaults(form, error, '/terms')}>退回</button>}
    </SpeechProvider>
  );
}

describe('the form of a version', () => {
  afterEach(cleanup);

  it('sends what was typed, and what no field shows with it', async () => {
    const submit = vi.fn();
    render(<Page submit={submit} />);
    await userEvent.clear(screen.getByLabelText('标准会费（元）'));
    await userEvent.type(screen.getByLabelText('标准会费（元）'), '80.5');
    await userEvent.click(screen.getByText('保存草稿'));
    await vi.waitFor(() => expect(submit).toHaveBeenCalledTimes(1), { timeout: 60_000 });
    expect(termsOf(submit.mock.calls[0]?.[0] as TermValues)).toEqual({ ...TERMS, fee_fen: 8050 });
  });

  it('is not sent while the high-risk fee is below the standard, or a ratio is none', async () => {
    const submit = vi.fn();
    render(<Page submit={submit} />);
    await userEvent.clear(screen.getByLabelText('高危职业会费（元）'));
    await userEvent.type(screen.getByLabelText('高危职业会费（元）'), '94.99');
    await userEvent.clear(screen.getByLabelText('统一给付比例'));
    await userEvent.type(screen.getByLabelText('统一给付比例'), '100.5');
    await userEvent.click(screen.getByText('保存草稿'));
    expect(await screen.findByText('高危职业会费不应低于标准会费')).toBeTruthy();
    expect(await screen.findByText('比例应大于0，不超过100，最多两位小数')).toBeTruthy();
    expect(submit).not.toHaveBeenCalled();
  });

  it('asks for the figures of the formula', async () => {
    render(<Page submit={() => undefined} />);
    expect(screen.queryByLabelText('每份保额（元）')).toBeNull();
    await userEvent.click(screen.getByLabelText('计算方式'));
    await userEvent.click(await screen.findByText('身故定额'));
    expect(await screen.findByLabelText('每份保额（元）')).toBeTruthy();
    expect(screen.queryByLabelText('统一给付比例')).toBeNull();
  });

  it("puts the server's reasons beside their fields", async () => {
    const errors = [
      { pointer: '/terms/age', code: 'PLAN_AGE', detail: '年龄下限不应高于上限' },
      { pointer: '/terms/benefits/0/ratio_percent', code: 'FORMULA_FIGURE', detail: '请填写给付比例' },
    ];
    render(<Page submit={() => undefined} error={new Refused({ type: '', title: '', status: 422, code: 'INVALID', detail: '共有2处需要修改', errors })} />);
    await userEvent.click(screen.getByText('退回'));
    for (const { detail } of errors) expect((await screen.findByText(detail)).closest('.ant-form-item')).toBeTruthy();
  });
});
