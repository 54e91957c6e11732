/** An amount typed in yuan; the form holds whole fen. What cannot be read as an amount is undefined, and stays as typed. */
import { Input } from 'antd';
import { useState } from 'react';
import { fen, yuan } from '../format/money';

interface Props {
  id?: string;
  value?: number | undefined;
  onChange?: (value: number | undefined) => void;
  'aria-label'?: string;
  disabled?: boolean;
}

export function MoneyInput({ id, value, onChange, disabled, 'aria-label': label }: Props) {
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? (value === undefined ? '' : yuan(value));
  return (
    <Input
      {...(id ? { id } : {})}
      className="money-input"
      inputMode="decimal"
      prefix="￥"
      autoComplete="off"
      disabled={disabled ?? false}
      aria-label={label}
      value={shown}
      onChange={(event) => {
        setText(event.target.value);
        onChange?.(fen(event.target.value));
      }}
      onBlur={() => {
        if (value !== undefined) setText(null);
      }}
    />
  );
}
