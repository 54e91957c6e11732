/** A draft: edited as a whole, begun as another version, or the first one of a new variant. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import { reference, variant as variantQuery } from '../../api/reference';
import type { PlanBookView } from '../../api/schema.gen';
import { useT } from '../../i18n';
import { SAVED, useGuard } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';
import { Load, NotFound, NotPermitted } from '../../kit/states';
import { current } from '../../kit/versions';
import { useVersioned } from '../../kit/versioned';
import { TermsForm, placeTermFaults, termsOf, type TermValues } from './TermsForm';
import { NEW, useChangesPlans } from './access';
import { read, termLines, written, type Terms } from './terms';

const CODE = /^[a-z0-9-]{1,40}$/;

/** What a new variant begins with: what most of them say. */
const BLANK: Partial<Terms> = {
  kind: 'hospital',
  sex: 'any',
  max_shares: 1,
  term_months: 12,
  age: [16, 60],
  participation: { minimum_percent: 60, all_below_staff: 20 },
  waiting: { none_until_day: 30 },
  new_employment_form: false,
  benefits: [],
};

export default function Draft() {
  const { code = NEW, version = '' } = useParams();
  const changes = useChangesPlans();
  const query = useQuery({ ...variantQuery(code), enabled: changes && code !== NEW });
  if (!changes) return <NotPermitted />;
  return code === NEW ? <NewVariant /> : <Load query={query}>{(book) => (version === NEW ? <NewDraft book={book} /> : <Edit book={book} version={version} />)}</Load>;
}

function useLeave(code: string) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return (version: string) => {
    void queries.invalidateQueries({ queryKey: reference.variants });
    return navigate(`/plan-variants/${code}?version=${version}`, { state: SAVED });
  };
}

function NewVariant() {
  const t = useT();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [form] = Form.useForm<TermValues>();
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const send = useSend(
    async (values: TermValues, key) => {
      const { code = '' } = values;
      try {
        await answer(api.POST('/plan-variants', { params: { header: { 'Idempotency-Key': key } }, body: { code, terms: written(termsOf(values)) } }));
        return code;
      } catch (error) {
        placeTermFaults(form, error, '/terms');
        throw error;
      }
    },
    async (code) => {
      message.success(t('已保存'));
      void queries.invalidateQueries({ queryKey: reference.variants });
      return navigate(`/plan-variants/${code}`, { state: SAVED });
    },
  );
  return (
    <>
      <h1>{t('新建细类')}</h1>
      <div className="panel">
        <ProblemAlert error={send.error} />
        <TermsForm
          form={form}
          initial={BLANK}
          changed={() => setDirty(true)}
          submit={(values) => void send.run(values)}
          head={
            <Form.Item
              name="code"
              label={t('代码')}
              extra={t('小写字母、数字和连字符，最多40位；在所有版本中相同，不能修改')}
              rules={[{ required: true, pattern: CODE, message: t('代码应为小写字母、数字和连字符，最多40位') }]}
            >
              <Input autoComplete="off" maxLength={40} autoFocus />
            </Form.Item>
          }
          foot={<Foot back="/plan-variants" pending={send.pending} enabled={dirty} />}
        />
      </div>
      {guard}
    </>
  );
}

function NewDraft({ book }: { book: PlanBookView }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [params] = useSearchParams();
  const [form] = Form.useForm<TermValues>();
  const [opened] = useState(book);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const leave = useLeave(book.code);
  const from = opened.versions.find(({ terms }) => terms.version === params.get('from')) ?? current(opened.versions);
  const command = useVersioned<PlanBookView, TermValues>({
    seen: opened,
    read: () => queries.query({ ...variantQuery(book.code), staleTime: 0 }),
    // A new draft takes nothing from anybody.
    basis: () => [],
    said: '',
    send: async (values, header) => {
      try {
        return await answer(api.POST('/plan-variants/{code}/drafts', { params: { path: { code: book.code }, header }, body: written(termsOf(values)) }));
      } catch (error) {
        placeTermFaults(form, error);
        throw error;
      }
    },
    refresh: () => queries.invalidateQueries({ queryKey: reference.variant(book.code) }),
    done: () => {
      message.success(t('已保存'));
      return leave((form.getFieldValue('version') as string).trim());
    },
  });
  return (
    <>
      <h1>
        {t('新建草稿')} <span className="figures quiet">{book.code}</span>
      </h1>
      <div className="panel">
        {from && <p className="quiet">{t('内容取自版本{version}，请填写新的版本号。', { version: from.terms.version })}</p>}
        <ProblemAlert error={command.error} />
        <TermsForm
          form={form}
          initial={from ? { ...read(from.terms), version: '' } : BLANK}
          changed={() => setDirty(true)}
          submit={(values) => void command.run(values)}
          foot={<Foot back={`/plan-variants/${book.code}`} pending={command.pending} enabled={dirty} />}
        />
      </div>
      {command.dialog}
      {guard}
    </>
  );
}

function Edit({ book, version }: { book: PlanBookView; version: string }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<TermValues>();
  const [opened, setOpened] = useState(book);
  const [dirty, setDirty] = useState(false);
  const guard = useGuard(dirty);
  const leave = useLeave(book.code);
  const of = (now: PlanBookView) => now.versions.find(({ terms, standing }) => terms.version === version && standing === 'draft')?.terms;
  const command = useVersioned<PlanBookView, TermValues>({
    seen: opened,
    read: () => queries.query({ ...variantQuery(book.code), staleTime: 0 }),
    basis: (now) => {
      const terms = of(now);
      return terms ? termLines(read(terms), t) : [];
    },
    mine: (values) => termLines(termsOf(values), t),
    said: t('您打开本页之后，有人更新了草稿。请比较后决定。'),
    over: (now) => (of(now) ? undefined : t('该草稿已发布或已删除。')),
    send: async (values, header) => {
      try {
        return await answer(api.PUT('/plan-variants/{code}/drafts/{version}', { params: { path: { code: book.code, version }, header }, body: written(termsOf(values)) }));
      } catch (error) {
        placeTermFaults(form, error);
        throw error;
      }
    },
    refresh: () => queries.invalidateQueries({ queryKey: reference.variant(book.code) }),
    taken: (theirs) => {
      setOpened(theirs);
      const terms = of(theirs);
      if (terms) form.setFieldsValue(read(terms));
      setDirty(false);
    },
    done: () => {
      message.success(t('已保存'));
      return leave(version);
    },
  });
  const terms = of(opened);
  if (!terms) return <NotFound />;
  return (
    <>
      <h1>
        {t('修改草稿')} <span className="figures quiet">{`${book.code} ${version}`}</span>
      </h1>
      <div className="panel">
        <ProblemAlert error={command.error} />
        <TermsForm
          form={form}
          initial={read(terms)}
          fixed
          changed={() => setDirty(true)}
          submit={(values) => void command.run(values)}
          foot={<Foot back={`/plan-variants/${book.code}?version=${version}`} pending={command.pending} enabled={dirty} />}
        />
      </div>
      {command.dialog}
      {guard}
    </>
  );
}

function Foot({ back, pending, enabled }: { back: string; pending: boolean; enabled: boolean }) {
  const t = useT();
  return (
    <div className="form-foot">
      <Link to={back}>
        <Button>{t('取消')}</Button>
      </Link>
      <Button type="primary" htmlType="submit" disabled={!enabled} loading={pending}>
        {t('保存草稿')}
      </Button>
    </div>
  );
}
