/** A choice among more than a list can hold: what is typed is looked for. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useT } from '../i18n';
import { ProblemAlert } from './problem';
import { useSettled } from './settled';

/** Rows that one search shows. */
export const SHOWN = 50;

export interface Choice {
  value: string;
  label: string;
  /** What tells those of one name apart. */
  note?: ReactNode;
  disabled?: boolean;
}

interface Props<Row> {
  id?: string;
  className?: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  /** What its searches are kept under. */
  name: readonly unknown[];
  find: (asked: string) => Promise<Row[]>;
  choice: (row: Row) => Choice;
  /** Reads the row of a value that no search brought: it came with the address. */
  read?: (value: string) => Promise<Row>;
  placeholder: string;
  nothing: string;
  autoFocus?: boolean;
  allowClear?: boolean;
}

export function Lookup<Row>({ value, onChange, name, find, choice, read, nothing, ...rest }: Props<Row>) {
  const t = useT();
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<string>();
  const wanted = text.trim();
  const asked = useSettled(wanted);
  const query = useQuery({ queryKey: [...name, asked], queryFn: () => find(asked), staleTime: 30_000 });
  // What an earlier word found is not offered for this one: it would go away under the pointer.
  const rows = wanted === asked ? (query.data ?? []) : [];
  const looking = wanted !== asked || query.isFetching;
  const options = rows.map(choice);
  const own = useQuery({ queryKey: [...name, 'one', value], queryFn: () => read?.(value ?? ''), enabled: read !== undefined && value !== undefined && value !== picked });
  if (own.data && !looking && !options.some((one) => one.value === value)) options.unshift(choice(own.data));
  return (
    <>
      <Select
        {...rest}
        value={value ?? null}
        showSearch={{ filterOption: false, onSearch: setText }}
        loading={looking}
        notFoundContent={looking ? t('正在加载') : nothing}
        options={options}
        optionRender={({ label, data }) => (
          <>
            <span className="words">{label}</span> <span className="quiet figures">{data.note}</span>
          </>
        )}
        onChange={(next: string | null | undefined) => {
          setPicked(next ?? undefined);
          onChange(next ?? undefined);
        }}
      />
      <ProblemAlert error={query.error ?? own.error} />
    </>
  );
}
