/**
 * Commands on something that has a version: idempotency key, `If-Match` of the version the form was opened on, and what
 * happens when somebody else was faster. If what they changed is not what this command is about, it is sent again on the new
 * version without a word. Otherwise both versions are shown side by side, and a person decides.
 */
import { Button, Modal, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { Refused } from '../api/problem';
import { useT } from '../i18n';
import { useSend, type Sending } from './send';
import { Plain } from './show';

// A type, not an interface: header parameters of the generated client are an index of names.
export type CommandHeaders = { 'Idempotency-Key': string; 'If-Match': string };

/** One line of a comparison. */
export interface Line {
  label: string;
  value: string;
}

interface Versioned<T extends { version: number }, V> {
  /** As it was when the form was opened. */
  seen: T;
  /** As it is now. */
  read: () => Promise<T>;
  /** `now` is what it is sent against, of the version in the headers. */
  send: (values: V, headers: CommandHeaders, now: T) => Promise<unknown>;
  /** What the command was decided on. */
  basis: (view: T) => Line[];
  /** The same lines as this form would have them against `theirs`; the seen ones by default. */
  mine?: ((values: V, theirs: T) => Line[]) | undefined;
  /** Names what the command is about where one form sends commands about several things: what was decided counts for that one. */
  about?: string;
  /** What changed, in one sentence. */
  said: string;
  /** Why it can never be sent again, if it cannot. */
  over?: (now: T) => string | undefined;
  /** Reads again what pages show of it. */
  refresh: () => Promise<unknown>;
  done?: (() => unknown) | undefined;
  /** Somebody else's version is taken: the form starts again from it. */
  taken?: ((view: T) => void) | undefined;
}

/** How often it is sent again because something that does not matter here was recorded in between. */
const TRIES = 6;

/** Of a longer comparison only the lines that differ are shown. */
const LINES_MAX = 30;

class Clash extends Error {}

export interface Commanding<V> extends Sending<V, boolean> {
  /** Where the page shows the comparison. */
  dialog: ReactNode;
}

const same = (a: Line[], b: Line[]) => a.length === b.length && a.every((line, i) => line.value === b[i]?.value);

export function useVersioned<T extends { version: number }, V>({ seen, read, send, basis, mine, about = '', said, over, refresh, done, taken }: Versioned<T, V>): Commanding<V> {
  const t = useT();
  const [clash, setClash] = useState<{ theirs: T; values: V } | null>(null);

  const attempt = async (values: V, key: string, from: T) => {
    let current = from;
    for (let tries = 1; ; tries++) {
      try {
        await send(values, { 'Idempotency-Key': key, 'If-Match': `"${current.version}"` }, current);
        return true;
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 412 || tries === TRIES) {
          if (error instanceof Refused && error.status === 409) await refresh();
          throw error;
        }
        const theirs = await read();
        if (over?.(theirs) !== undefined || !same(basis(current), basis(theirs))) {
          setClash({ theirs, values });
          throw new Clash();
        }
        current = theirs;
      }
    }
  };

  // Of a conflict that was decided: the same command is not asked about twice, should it be refused for another reason.
  const [base, setBase] = useState<{ view: T; about: string } | null>(null);
  const sending = useSend<{ values: V; from: T }, boolean>(
    ({ values, from }, key) => attempt(values, key, from),
    async () => {
      setBase(null);
      // A page that is left on success is left before what it showed is read again in its new state.
      await done?.();
      await refresh();
    },
  );
  const newest = base && base.about === about && base.view.version > seen.version ? base.view : seen;
  const run = (values: V) => sending.run({ values, from: newest });

  const before = clash ? basis(newest) : [];
  const ours = clash && mine ? mine(clash.values, clash.theirs) : before;
  const theirs = clash ? basis(clash.theirs) : [];
  // A line that only one side has is compared, too.
  const labels = [...new Set([...before, ...ours, ...theirs].map(({ label }) => label))];
  const valueOf = (lines: Line[], label: string) => lines.find((line) => line.label === label)?.value;
  const rows = labels.map((label) => ({ key: label, label, mine: valueOf(ours, label) ?? valueOf(before, label) ?? '–', theirs: valueOf(theirs, label) ?? '–' }));
  const differing = rows.filter((row) => row.theirs !== row.mine);
  const listed = rows.length > LINES_MAX ? differing : rows;
  const never = clash ? over?.(clash.theirs) : undefined;
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
          {never === undefined && (
            <Button
              type="primary"
              onClick={() => {
                const { theirs: from, values } = clash;
                setBase({ view: from, about });
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
      <p>{never ?? said}</p>
      {listed.length < rows.length && <p className="quiet">{t('只列出不同的{count}项，其余{same}项相同。', { count: listed.length, same: rows.length - listed.length })}</p>}
      <Plain
        dataSource={listed}
        // Long lines are broken: what is compared stands side by side, never out of sight.
        scroll={{}}
        tableLayout="fixed"
        columns={[
          { title: t('项目'), dataIndex: 'label', width: '26%' },
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
