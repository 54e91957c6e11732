/** Commands on a unit, by the rules of `versioned`: whoever edits one field does not undo what somebody did to another. */
import { useQueryClient } from '@tanstack/react-query';
import { keys, unit as unitQuery } from '../api/queries';
import type { ManagedUnit } from '../api/schema.gen';
import { useT } from '../i18n';
import { useVersioned, type CommandHeaders, type Commanding, type Line } from './versioned';

interface Command<V> {
  /** As it was when the form was opened. */
  seen: ManagedUnit;
  send: (values: V, headers: CommandHeaders) => Promise<unknown>;
  /** What the form is about. */
  basis: (unit: ManagedUnit) => Line[];
  mine?: (values: V) => Line[];
  done?: () => unknown;
  taken?: (unit: ManagedUnit) => void;
}

export function useUnitCommand<V = void>({ seen, send, basis, mine, done, taken }: Command<V>): Commanding<V> {
  const t = useT();
  const queries = useQueryClient();
  return useVersioned<ManagedUnit, V>({
    seen,
    read: () => queries.query({ ...unitQuery(seen.id), staleTime: 0 }),
    send,
    basis,
    mine,
    said: t('您打开本页之后，有人更新了单位信息。请比较后决定。'),
    over: (now) => (now.merged_into ? t('该单位已合并到其他单位，不能再修改。') : undefined),
    refresh: () => Promise.all([queries.invalidateQueries({ queryKey: keys.unit(seen.id) }), queries.invalidateQueries({ queryKey: keys.units })]),
    done,
    taken,
  });
}
