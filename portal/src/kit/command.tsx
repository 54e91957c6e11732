/**
 * Commands on an enrolment: idempotency key, `If-Match` of the version the form was opened on, and what happens when
 * somebody else was faster. If what they changed is not what this command is about, it is sent again on the new version
 * without a word. Otherwise both versions are shown side by side, and a person decides.
 */
import { useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { Refused } from '../api/problem';
import { enrolment as enrolmentQuery, keys } from '../api/queries';
import type { EnrolmentView } from '../api/schema.gen';
import { useT } from '../i18n';
import { yuan } from '../format/money';
import { Plain } from './show';
import { useSend, type Sending } from './send';

// A type, not an interface: header parameters of the generated client are an index of names.
export type CommandHeaders = { 'Idempotency-Key': string; 'If-Match': string };

/** One line of a comparison. */
export interface Line {
  label: string;
  value: string;
}

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

/** How often it is sent again because something that does not matter here was recorded in between. */
const TRIES = 6;

class Clash extends Error {}

export interface Commanding<V> extends Sending<V, boolean> {
  /** Where the page shows the comparison. */
  dialog: ReactNode;
}

const same = (a: Line[], b: Line[]) => a.length === b.length && a.every((line, i) => line.value === b[i]?.value);

export function useCommand<V = void>({ seen, send, basis: chosen, mine, done, taken }: Command<V>): Commanding<V> {
  const t = useT();
  const queries = useQueryClient();
  const [clash, setClash] = useState<{ theirs: EnrolmentView; values: V } | null>(null);
  const basis = chosen ?? ((view: EnrolmentView) => usualBasis(view, t));

  const refresh = async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: keys.enrolment(seen.id) }),
      queries.invalidateQueries({ queryKey: keys.enrolments }),
      queries.invalidateQueries({ queryKey: keys.tasks }),
    ]);
  };

  const attempt = async (values: V, key: string, from: EnrolmentView) => {
    let current = from;
    for (let tries = 1; ; tries++) {
      try {
        await send(values, { 'Idempotency-Key': key, 'If-Match': `"${current.version}"` }, seen.id);
        return true;
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 412 || tries === TRIES) {
          if (error instanceof Refused && error.status === 409) await refresh();
          throw error;
        }
        const theirs = await queries.query({ ...enrolmentQuery(seen.id), staleTime: 0 });
        if (theirs.state !== seen.state || !same(basis(current), basis(theirs))) {
          setClash({ theirs, values });
          throw new Clash();
        }
        current = theirs;
      }
    }
  };

  const [base, setBase] = useState<EnrolmentView | null>(null);
  const sending = useSend<{ values: V; from: EnrolmentView }, boolean>(
    ({ values, from }, key) => attempt(values, key, from),
    async () => {
      setBase(null);
      // A page that is left on success is left before its enrolment is read again in its new state.
      await done?.();
      await refresh();
    },
  );
  const newest = base && base.version > seen.version ? base : seen;
  const run = (values: V) => sending.run({ values, from: newest });

  const before = clash ? basis(newest) : [];
  const ours = clash && mine ? mine(clash.values) : before;
  const theirs = clash ? basis(clash.theirs) : [];
  const rows = before.map((line, i) => ({
    key: line.label,
    label: line.label,
    mine: ours[i]?.value ?? line.value,
    theirs: theirs[i]?.value ?? '',
  }));
  const state = clash && clash.theirs.state !== seen.state;
  const dialog = clash && (
    <Modal
      open
      width={760}
      title={t('内容已被他人更新')}
      onCancel={() => setClash(null)}
      footer={
        <Space wrap>
          <Button onClick={() => setClash(null)}>{t('暂不处理')}</Button>
          <Button
            onClick={() => {
              taken?.(clash.theirs);
              setClash(null);
              void refresh();
            }}
          >
            {t('以现在的内容为准')}
          </Button>
          {!state && (
            <Button
              type="primary"
              onClick={() => {
                const { theirs: from, values } = clash;
                setBase(from);
                setClash(null);
                void sending.run({ values, from });
              }}
            >
              {t('仍按我的提交')}
            </Button>
          )}
        </Space>
      }
    >
      <p>{state ? t('参保单现在处于“{state}”，不能再提交。', { state: clash.theirs.state_name }) : t('您打开本页之后，有人更新了参保单。请比较后决定。')}</p>
      <Plain
        dataSource={rows}
        columns={[
          { title: t('项目'), dataIndex: 'label' },
          { title: mine ? t('您的内容') : t('您看到的内容'), dataIndex: 'mine' },
          {
            title: t('现在的内容'),
            dataIndex: 'theirs',
            render: (value: string, row: (typeof rows)[number]) => (value === row.mine ? value : <mark>{value}</mark>),
          },
        ]}
      />
    </Modal>
  );
  return { run, pending: sending.pending, error: sending.error instanceof Clash ? null : sending.error, clear: sending.clear, dialog };
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
