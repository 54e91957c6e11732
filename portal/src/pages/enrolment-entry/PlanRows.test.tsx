import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Form } from 'antd';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PlanOffer } from '../../api/schema.gen';
import { SpeechProvider } from '../../i18n';
import { PlanRows, type PlanRow } from './PlanRows';

const offer = (code: string, name: string, variant: string, more: Partial<PlanOffer> = {}): PlanOffer => ({
  code,
  name,
  variant,
  version: '2026',
  fee_fen: 9500,
  fee_high_risk_fen: 9500,
  max_shares: 1,
  term_months: 12,
  age: [16, 60],
  new_employment_form: false,
  women_only: false,
  ...more,
});

const OFFERS = [
  offer('stay-a', '住院医疗', 'A方案'),
  offer('stay-b', '住院医疗', 'B方案', { fee_fen: 8000 }),
  offer('women', '女工特病', '标准版', { women_only: true }),
  offer('accident', '意外伤害', '含新就业', { fee_fen: 2000, max_shares: 4, new_employment_form: true }),
];

/** Shows the rows; answers what the form would send. */
function show(plans: PlanRow[] = [{ shares: 1 }], wide = false) {
  const sent = vi.fn();
  render(
    <SpeechProvider>
      <Form initialValues={{ plans }} onFinish={sent}>
        <PlanRows offers={OFFERS} wide={wide} />
        <button type="submit">保存</button>
      </Form>
    </SpeechProvider>,
  );
  return sent;
}

const fields = (name: string) => screen.getAllByRole('combobox', { name });

/** The row (of the page) a field stands in. */
const rowOf = (field: HTMLElement | undefined) => within(field?.closest('.row') as HTMLElement);

const options = () => [...document.querySelectorAll<HTMLElement>('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')];

async function choose(field: HTMLElement | undefined, label: string) {
  if (!field) throw new Error('there is no such field');
  fireEvent.mouseDown(field);
  const option = await waitFor(() => options().find(({ textContent }) => textContent === label) ?? Promise.reject(new Error(`${label} is not offered`)));
  fireEvent.click(option);
}

describe('rows of plans', () => {
  afterEach(cleanup);

  it('know the variant of a plan that has one only, and its standard contribution', async () => {
    const sent = show();
    await choose(fields('保障活动')[0], '意外伤害');
    expect(await screen.findByText('含新就业')).toBeTruthy();
    expect(screen.getByText('20.00')).toBeTruthy();
    expect(screen.getByText('最多4份')).toBeTruthy();
    await userEvent.click(screen.getByText('保存'));
    await waitFor(() => expect(sent).toHaveBeenCalledWith({ plans: [{ name: '意外伤害', code: 'accident', shares: 1 }] }));
  });

  it('ask which variant of several, and show the contribution once it is chosen', async () => {
    const sent = show();
    await choose(fields('保障活动')[0], '住院医疗');
    await userEvent.click(screen.getByText('保存'));
    expect(await screen.findByText('请选择保障活动细类')).toBeTruthy();
    expect(sent).not.toHaveBeenCalled();
    expect(screen.queryByText(/\.00$/)).toBeNull();
    await choose(fields('保障活动细类')[0], 'B方案');
    expect(await screen.findByText('80.00')).toBeTruthy();
    await userEvent.click(screen.getByText('保存'));
    await waitFor(() => expect(sent).toHaveBeenCalledWith({ plans: [{ name: '住院医疗', code: 'stay-b', shares: 1 }] }));
  });

  it('forget the variant when another plan is chosen', async () => {
    show([{ name: '女工特病', code: 'women', shares: 1 }]);
    expect(screen.getByText('标准版（限女职工）')).toBeTruthy();
    await choose(fields('保障活动')[0], '住院医疗');
    await waitFor(() => expect(screen.queryByText('标准版（限女职工）')).toBeNull());
    expect(screen.queryByText(/\.00$/)).toBeNull();
  });

  it('take a variant once', async () => {
    show([{ name: '女工特病', code: 'women', shares: 1 }, { name: '住院医疗', code: 'stay-a', shares: 1 }, { shares: 1 }]);
    fireEvent.mouseDown(fields('保障活动')[2] as HTMLElement);
    await waitFor(() => expect(options()).toHaveLength(3));
    const closed = () => options().filter((option) => option.classList.contains('ant-select-item-option-disabled'));
    expect(closed().map(({ textContent }) => textContent)).toEqual(['女工特病（限女职工）']);
    fireEvent.click(options()[0] as HTMLElement);
    await waitFor(() => expect(fields('保障活动细类')[2]?.hasAttribute('disabled')).toBe(false));
    fireEvent.mouseDown(fields('保障活动细类')[2] as HTMLElement);
    await waitFor(() => expect(options().map(({ textContent }) => textContent)).toContain('B方案'));
    await waitFor(() => expect(closed().map(({ textContent }) => textContent)).toContain('A方案'));
  });

  it('offer what is open to new-employment-form workers where it is for such', async () => {
    show([{ name: '住院医疗', code: 'stay-a', shares: 1 }, { shares: 1 }], true);
    fireEvent.mouseDown(fields('保障活动')[1] as HTMLElement);
    await waitFor(() => expect(options().map(({ textContent }) => textContent)).toEqual(['意外伤害']));
    // What was chosen before is still called by its name.
    expect(rowOf(fields('保障活动')[0]).getByText('A方案')).toBeTruthy();
  });
});
