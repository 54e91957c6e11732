/** Commands on an enrolment, by the rules of `versioned`. */
import { useQueryClient } from '@tanstack/react-query';
import { enrolment as enrolmentQuery, keys } from '../api/queries';
import type { EnrolmentView } from '../api/schema.gen';
import { useT } from '../i18n';
import { yuan } from '../format/money';
import { useVersioned, type CommandHeaders, type Commanding, type Line } from './versioned';

export type { CommandHeaders, Commanding, Line } from './versioned';

interface Command<V> {
  /** As it was when the form was opened. */
  seen: EnrolmentView;
  send: (values: V, headers: CommandHeaders, id: string) => Promise<unknown>;
  /** What the command was decided on. By default what a reviewer decides on. */
  basis?: (view: EnrolmentView) => Line[];
  /** The same lines as this form would have them; the seen ones by default. */
  mine?: (values: V) => Line[];
  done?: () => unknown;
  /** Somebody else's version is taken: the form starts again from it. */
  taken?: (view: EnrolmentView) => void;
}

export function useCommand<V = void>({ seen, send, basis, mine, done, taken }: Command<V>): Commanding<V> {
  const t = useT();
  const queries = useQueryClient();
  return useVersioned<EnrolmentView, V>({
    seen,
    read: () => queries.query({ ...enrolmentQuery(seen.id), staleTime: 0 }),
    send: (values, headers) => send(values, headers, seen.id),
    basis: basis ?? ((view) => usualBasis(view, t)),
    mine,
    said: t('您打开本页之后，有人更新了参保单。请比较后决定。'),
    over: ({ state, state_name }) => (state === seen.state ? undefined : t('参保单现在处于“{state}”，不能再提交。', { state: state_name })),
    refresh: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: keys.enrolment(seen.id) }),
        queries.invalidateQueries({ queryKey: keys.enrolments }),
        queries.invalidateQueries({ queryKey: keys.tasks }),
      ]),
    done,
    taken,
  });
}

/** What somebody who decides about an enrolment has looked at. */
function usualBasis(view: EnrolmentView, t: ReturnType<typeof useT>): Line[] {
  return [
    { label: t('保障活动'), value: view.plans.map((plan) => `${plan.variant} × ${plan.shares}`).join('；') },
    { label: t('参保人数'), value: view.plans.map((plan) => plan.participants).join('；') },
    { label: t('总会费'), value: view.contribution_fen == null ? '–' : yuan(view.contribution_fen) },
    { label: t('附件'), value: view.attachments.map((file) => file.file_name).join('；') },
    { label: t('备注'), value: view.remark },
  ];
}
