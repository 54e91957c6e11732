/** What the server refused, shown where it belongs. */
import { Alert, type FormInstance } from 'antd';
import { Refused } from '../api/problem';
import type { Fault } from '../api/schema.gen';
import { useT } from '../i18n';

/** `/items/0/persons` → `['items', 0, 'persons']`, as forms name their fields. */
export function fieldOf(pointer: string): (string | number)[] {
  if (!pointer.startsWith('/')) return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replace(/~1/g, '/').replace(/~0/g, '~')));
}

/** Puts each fault beside its field and answers those that have none. */
export function placeFaults(form: FormInstance, faults: Fault[], fields: ReadonlySet<string>): Fault[] {
  const byField = new Map<string, { name: (string | number)[]; errors: string[] }>();
  const rest: Fault[] = [];
  for (const fault of faults) {
    const name = fieldOf(fault.pointer);
    const key = name.filter((part) => typeof part === 'string').join('.');
    if (!fields.has(key)) {
      rest.push(fault);
      continue;
    }
    const path = name.join('/');
    const entry = byField.get(path) ?? { name, errors: [] };
    entry.errors.push(fault.detail);
    byField.set(path, entry);
  }
  form.setFields([...byField.values()]);
  const first = [...byField.values()][0];
  if (first) form.scrollToField(first.name, { focus: true });
  return rest;
}

/** A refusal with everything it names; `faults` when some already stand beside their fields. */
export function ProblemAlert({ error, faults }: { error: Error | null | undefined; faults?: Fault[] }) {
  const t = useT();
  if (!error) return null;
  if (!(error instanceof Refused)) return <Alert type="error" showIcon title={t('页面出错了')} description={error.message} className="gap" role="alert" />;
  // What the sentence above says already is not said again.
  const rest = (faults ?? error.faults).filter((fault) => fault.detail !== error.message);
  return (
    <Alert
      type="error"
      showIcon
      className="gap"
      role="alert"
      title={error.message}
      description={
        (rest.length > 0 || error.request) && (
          <>
            {rest.length > 0 && (
              <ul className="plain">
                {rest.map((fault) => (
                  <li key={fault.pointer + fault.code}>{fault.detail}</li>
                ))}
              </ul>
            )}
            {error.status >= 500 && error.request && <small>{t('报障编号：{id}', { id: error.request })}</small>}
          </>
        )
      }
    />
  );
}
