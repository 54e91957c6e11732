/** Chooses a unit by a part of its name, or by its whole credit code. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { keys, unit as unitQuery } from '../api/queries';
import type { ManagedUnitRow } from '../api/schema.gen';
import { useT } from '../i18n';
import { ProblemAlert } from './problem';
import { useSettled } from './settled';

const SHOWN = 50;
const CODE = /^[0-9A-Z]{18}$/;

interface Props {
  id?: string;
  value?: string | undefined;
  onChange?: (unit: string | undefined, row: ManagedUnitRow | undefined) => void;
  /** Whether a unit can be chosen; all can by default. */
  choosable?: (unit: ManagedUnitRow) => boolean;
  autoFocus?: boolean;
}

export function UnitSelect({ id, value, onChange, choosable = () => true, autoFocus = false }: Props) {
  const t = useT();
  const [text, setText] = useState('');
  const asked = useSettled(text.trim());
  const query = useQuery({
    queryKey: [...keys.units, 'select', asked],
    queryFn: () => {
      const code = asked.toUpperCase();
      const by = CODE.test(code) ? { code } : asked.length >= 2 ? { name: asked } : {};
      return answer(api.GET('/units', { params: { query: { ...by, limit: SHOWN } } }));
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const units = query.data?.items ?? [];
  // A choice that came with the address, or with an earlier search, keeps its name.
  const missing = value !== undefined && !units.some((unit) => unit.id === value);
  const chosen = useQuery({ ...unitQuery(value ?? ''), enabled: missing });
  const options = units.map((unit) => ({ value: unit.id, label: unit.name, code: unit.code ?? '', disabled: !choosable(unit) }));
  if (missing && chosen.data) options.unshift({ value, label: chosen.data.facts.name ?? value, code: chosen.data.facts.code ?? '', disabled: false });
  return (
    <>
      <Select
        {...(id ? { id } : {})}
        value={value ?? null}
        allowClear
        autoFocus={autoFocus}
        showSearch={{ filterOption: false, onSearch: setText }}
        placeholder={t('输入单位名称或统一社会信用代码查找')}
        loading={query.isFetching}
        notFoundContent={query.isFetching ? t('正在加载') : t('没有符合条件的单位')}
        style={{ width: '100%' }}
        options={options}
        optionRender={({ label, data }) => (
          <>
            <div className="words">{label}</div>
            <div className="quiet figures">{data.code || '–'}</div>
          </>
        )}
        onChange={(next: string | null | undefined) => onChange?.(next ?? undefined, units.find((unit) => unit.id === next))}
      />
      <ProblemAlert error={query.error} />
    </>
  );
}
