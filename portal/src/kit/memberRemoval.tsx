/** Takes members off a draft's roster. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { answer, api } from '../api/client';
import { keys } from '../api/queries';
import { useT, type Translate } from '../i18n';
import { memberLines, readAgain, type Member, type Roster, type Seen } from './member';
import { ProblemAlert } from './problem';
import { useVersioned, type Line } from './versioned';

/** Each of them in a line, by the place they were seen at, as names repeat; those who are gone in none. */
function lines(chosen: Member[], { members }: Seen, t: Translate): Line[] {
  const now = new Map(members.map((member) => [member.entry, member]));
  return chosen.flatMap((seen) => {
    const shown = memberLines(now.get(seen.entry), seen, t);
    if (shown.length === 0) return [];
    return [{ label: `${seen.place + 1} ${seen.name}`, value: shown.map(({ value }) => value).join('，') }];
  });
}

interface Props {
  roster: Roster;
  /** The members as they were chosen, and the version of the list they were chosen from. */
  chosen: Seen;
  done: () => void;
}

/** Made anew for another choice: what a conflict was about belongs to one. */
export function RemoveMembers({ roster, chosen, done }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { enrolment, plan } = roster;
  const { members } = chosen;
  const command = useVersioned<Seen, undefined>({
    seen: chosen,
    read: () => readAgain(roster, members),
    basis: (view) => lines(members, view, t),
    said: t('您选择之后，有人更正或移除了其中的人员。请比较后决定；已移除的不再处理。'),
    over: (now) => (now.members.length > 0 ? undefined : t('所选人员都已被他人移除。')),
    send: (_, header, now) => {
      const body = { plan, entries: now.members.map(({ entry }) => entry) };
      return answer(api.POST('/enrolments/{enrolment}/roster/removals', { params: { path: { enrolment }, header }, body }));
    },
    refresh: () => queries.invalidateQueries({ queryKey: keys.enrolment(enrolment) }),
    taken: done,
    done: () => {
      message.success(t('已移除'));
      done();
    },
  });
  return (
    <>
      <ProblemAlert error={command.error} />
      <Popconfirm title={t('移除所选的{count}人？', { count: members.length })} onConfirm={() => void command.run(undefined)} disabled={members.length === 0}>
        <Button danger disabled={members.length === 0} loading={command.pending}>
          {t('移除（{count}）', { count: members.length })}
        </Button>
      </Popconfirm>
      {command.dialog}
    </>
  );
}
