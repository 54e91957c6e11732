/** Versions of plans and rules: which is in effect when; drafts are published or discarded, publications taken back. */
import { App, Button, DatePicker, Form, Modal, Popconfirm, Space, type TableColumnsType } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Refused } from '../api/problem';
import type { PublicationInput, StandingView } from '../api/schema.gen';
import { today } from '../format/dates';
import { useT, type Translate } from '../i18n';
import { useClosing } from './guard';
import { ProblemAlert, placeFaults } from './problem';
import { Plain, Tag } from './show';
import { useVersioned, type CommandHeaders, type Line } from './versioned';

export type Edition = StandingView & { terms: { version: string } };

export interface Book<E extends Edition> {
  version: number;
  versions: E[];
}

const TONES: Record<string, 'work' | 'money' | 'good' | 'gone'> = { draft: 'work', scheduled: 'money', 'in-effect': 'good', superseded: 'gone' };

export function Standing({ edition }: { edition: StandingView }) {
  return <Tag tone={TONES[edition.standing] ?? 'gone'}>{edition.standing_name}</Tag>;
}

/** The version in effect; before any is, the newest. */
export function current<E extends Edition>(versions: E[]): E | undefined {
  return versions.find(({ standing }) => standing === 'in-effect') ?? versions[versions.length - 1];
}

/** Whether a version is not in effect yet, and may never be. */
export const isAhead = ({ standing }: StandingView) => standing === 'draft' || standing === 'scheduled';

/** A period of effect, `2025-01-01 – 2025-12-31` or `2025-01-01起`. */
export function effect({ effective_from: from, effective_until: until }: StandingView, t: Translate): string {
  if (!from) return '–';
  return until ? `${from} – ${until}` : t('{date}起', { date: from });
}

interface Props<B extends Book<E>, E extends Edition> {
  book: B;
  /** What a version says, line by line. */
  lines: (edition: E) => Line[];
  columns?: TableColumnsType<E>;
  chosen: string | undefined;
  choose: (version: string) => void;
  /** Whether versions may be changed; otherwise they are shown. */
  changeable: boolean;
  /** Address of a draft, or of a new one that begins as another version. */
  draft: (version: string, begin: boolean) => string;
  /** What a draft would change, shown where it is published. */
  trial: (version: string) => ReactNode;
  read: () => Promise<B>;
  refresh: () => Promise<unknown>;
  publish: (version: string, body: PublicationInput, header: CommandHeaders) => Promise<unknown>;
  recall: (version: string, header: CommandHeaders) => Promise<unknown>;
  discard: (version: string, header: CommandHeaders) => Promise<unknown>;
}

export function Versions<B extends Book<E>, E extends Edition>(props: Props<B, E>) {
  const { book, columns = [], chosen, choose, changeable, draft } = props;
  const t = useT();
  const [publishing, setPublishing] = useState<E | null>(null);
  const step = useStep(props);
  const actions = (edition: E) => {
    const { version } = edition.terms;
    return (
      <Space size={0} wrap>
        {edition.standing === 'draft' && (
          <>
            <Link to={draft(version, false)}>
              <Button type="link" size="small">
                {t('修改')}
              </Button>
            </Link>
            <Button type="link" size="small" onClick={() => setPublishing(edition)}>
              {t('发布')}
            </Button>
            <Popconfirm title={t('删除草稿{version}？', { version })} onConfirm={() => void step.run({ what: 'discard', version })}>
              <Button type="link" size="small" danger>
                {t('删除')}
              </Button>
            </Popconfirm>
          </>
        )}
        {edition.standing === 'scheduled' && (
          <Popconfirm title={t('撤回{version}的发布？它将重新成为草稿。', { version })} onConfirm={() => void step.run({ what: 'recall', version })}>
            <Button type="link" size="small">
              {t('撤回')}
            </Button>
          </Popconfirm>
        )}
        <Link to={draft(version, true)}>
          <Button type="link" size="small">
            {t('以此起草')}
          </Button>
        </Link>
      </Space>
    );
  };
  return (
    <>
      <ProblemAlert error={step.error} />
      <Plain<E>
        dataSource={[...book.versions].reverse()}
        rowKey={(edition) => edition.terms.version}
        rowClassName={(edition) => (edition.terms.version === chosen ? 'row-chosen' : '')}
        columns={[
          {
            title: t('版本'),
            key: 'version',
            render: (_, { terms: { version } }) => (
              <Button type="link" size="small" aria-pressed={version === chosen} onClick={() => choose(version)}>
                {version}
              </Button>
            ),
          },
          { title: t('状态'), key: 'standing', render: (_, edition) => <Standing edition={edition} /> },
          { title: t('生效期间'), key: 'effect', className: 'figures', render: (_, edition) => effect(edition, t) },
          ...columns,
          ...(changeable ? [{ title: t('操作'), key: 'actions', fixed: 'right' as const, render: (_: unknown, edition: E) => actions(edition) }] : []),
        ]}
      />
      {step.dialog}
      {publishing && <Publish {...props} edition={publishing} close={() => setPublishing(null)} />}
    </>
  );
}

/** Enter chooses the day that was typed; what the dialog is about is done by its button. */
export function choosesOnly(event: React.KeyboardEvent): void {
  if (event.key === 'Enter') event.preventDefault();
}

interface Step {
  what: 'recall' | 'discard';
  version: string;
}

/** Where each version stands: what taking back and discarding are decided on. */
function standings<E extends Edition>(book: Book<E>, t: Translate): Line[] {
  return book.versions.map((edition) => ({ label: edition.terms.version, value: `${edition.standing_name} ${effect(edition, t)}` }));
}

function useStep<B extends Book<E>, E extends Edition>({ book, read, refresh, recall, discard }: Props<B, E>) {
  const t = useT();
  const { message } = App.useApp();
  return useVersioned<B, Step>({
    seen: book,
    read,
    basis: (now) => standings(now, t),
    said: t('您打开本页之后，有人更新了版本。请比较后决定。'),
    send: ({ what, version }, header) => (what === 'recall' ? recall(version, header) : discard(version, header)),
    refresh,
    done: () => message.success(t('已保存')),
  });
}

function Publish<B extends Book<E>, E extends Edition>({ book, lines, edition, trial, read, refresh, publish, close }: Props<B, E> & { edition: E; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<{ effective_from: Dayjs }>();
  const { version } = edition.terms;
  const of = (now: B) => now.versions.find(({ terms }) => terms.version === version);
  const command = useVersioned<B, PublicationInput>({
    seen: book,
    read,
    // Whoever publishes has read what the draft says, and which versions there are.
    basis: (now) => {
      const draft = of(now);
      return [...(draft ? lines(draft) : []), ...standings(now, t)];
    },
    said: t('您打开本页之后，有人更新了版本。请比较后决定。'),
    over: (now) => (of(now)?.standing === 'draft' ? undefined : t('该草稿已发布或已删除。')),
    send: async (body, header) => {
      try {
        return await publish(version, body, header);
      } catch (error) {
        if (error instanceof Refused) placeFaults(form, error.faults, new Set(['effective_from']));
        throw error;
      }
    },
    refresh,
    taken: close,
    done: () => {
      message.success(t('已发布'));
      close();
    },
  });
  const earliest = dayjs(today());
  return (
    <Modal open width={1000} title={t('发布{version}', { version })} okText={t('发布')} okButtonProps={{ loading: command.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <p>{t('在用的版本至生效日期的前一日止。已录入的参保单仍按其录入时的版本。发布后内容不能修改；生效之前可以撤回。')}</p>
      <ProblemAlert error={command.error} faults={[]} />
      <Form form={form} layout="vertical" onValuesChange={() => touched(true)} onFinish={({ effective_from }) => void command.run({ effective_from: effective_from.format('YYYY-MM-DD') })}>
        <Form.Item name="effective_from" label={t('生效日期')} rules={[{ required: true, message: t('请选择{what}', { what: t('生效日期') }) }]}>
          <DatePicker style={{ width: '100%' }} autoFocus onKeyDown={choosesOnly} disabledDate={(day: Dayjs) => day.isBefore(earliest, 'day')} />
        </Form.Item>
      </Form>
      {trial(version)}
      {command.dialog}
    </Modal>
  );
}
