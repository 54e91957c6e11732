/** Chooses a unit by a part of its name, or by its whole credit code. */
import { answer, api } from '../api/client';
import { keys } from '../api/queries';
import type { ManagedUnitRow } from '../api/schema.gen';
import { useT } from '../i18n';
import { Lookup, SHOWN } from './lookup';

const CODE = /^[0-9A-Z]{18}$/;

interface Props {
  id?: string;
  value?: string | undefined;
  onChange?: (unit: string | undefined) => void;
  /** Whether a unit can be chosen; all can by default. */
  choosable?: (unit: ManagedUnitRow) => boolean;
  autoFocus?: boolean;
}

/** What is known of a unit that came with the address, too. */
type Named = Pick<ManagedUnitRow, 'id' | 'name' | 'code'>;

export function UnitSelect({ value, onChange, choosable = () => true, ...rest }: Props) {
  const t = useT();
  return (
    <Lookup<Named | ManagedUnitRow>
      {...rest}
      value={value}
      allowClear
      name={[...keys.units, 'select']}
      find={async (asked) => {
        const code = asked.toUpperCase();
        const by = CODE.test(code) ? { code } : asked.length >= 2 ? { name: asked } : {};
        return (await answer(api.GET('/units', { params: { query: { ...by, limit: SHOWN } } }))).items;
      }}
      choice={(unit) => ({ value: unit.id, label: unit.name, note: unit.code || '–', disabled: 'active' in unit && !choosable(unit) })}
      read={async (unit) => {
        const { id, facts } = await answer(api.GET('/units/{unit}', { params: { path: { unit } } }));
        return { id, name: facts.name ?? id, code: facts.code ?? null };
      }}
      placeholder={t('输入单位名称或统一社会信用代码查找')}
      nothing={t('没有符合条件的单位')}
      onChange={(unit) => onChange?.(unit)}
    />
  );
}
