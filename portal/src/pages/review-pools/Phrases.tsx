/** One's own phrases for opinions: a click adds one to the opinion; the list is kept here, too. */
import { DeleteOutlined, PlusOutlined, SettingOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import { answer, api, numbered } from '../../api/client';
import { keys } from '../../api/queries';
import { useT } from '../../i18n';
import { useClosing } from '../../kit/guard';
import { ProblemAlert } from '../../kit/problem';
import { useVersioned } from '../../kit/versioned';

interface Seen {
  version: number;
  phrases: string[];
}

async function read(): Promise<Seen> {
  const { body, version } = await numbered(api.GET('/opinion-phrases'));
  return { version, phrases: body.phrases };
}

export function Phrases({ use }: { use: (phrase: string) => void }) {
  const t = useT();
  const [opened, open] = useState<Seen | null>(null);
  const { data } = useQuery({ queryKey: keys.phrases, queryFn: read });
  return (
    <div className="phrases" role="group" aria-label={t('常用语')}>
      {data?.phrases.map((phrase) => (
        <Button key={phrase} size="small" onClick={() => use(phrase)}>
          {phrase}
        </Button>
      ))}
      <Button size="small" type="text" icon={<SettingOutlined aria-hidden />} disabled={!data} onClick={() => open(data ?? null)}>
        {t('常用语')}
      </Button>
      {opened && <Edit seen={opened} restart={open} close={() => open(null)} />}
    </div>
  );
}

interface Values {
  phrases: string[];
}

/** Without what was left empty. */
const written = ({ phrases }: Values) => phrases.map((phrase) => phrase.trim()).filter(Boolean);
const inForm = ({ phrases }: Values): Values => ({ phrases: phrases.length > 0 ? phrases : [''] });

function Edit({ seen, restart, close }: { seen: Seen; restart: (theirs: Seen) => void; close: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const { touched, leave } = useClosing();
  const [form] = Form.useForm<Values>();
  const line = (phrases: string[]) => [{ label: t('常用语'), value: phrases.join('；') || '–' }];
  const command = useVersioned<Seen, Values>({
    seen,
    read,
    basis: ({ phrases }) => line(phrases),
    mine: (values) => line(written(values)),
    said: t('您打开之后，常用语在别处更改过。请比较后决定。'),
    send: (values, { 'If-Match': match }) => answer(api.PUT('/opinion-phrases', { params: { header: { 'If-Match': match } }, body: { phrases: written(values) } })),
    refresh: () => queries.invalidateQueries({ queryKey: keys.phrases }),
    taken: (theirs) => {
      restart(theirs);
      form.setFieldsValue(inForm(theirs));
    },
    done: close,
  });
  return (
    <Modal open title={t('常用语')} okText={t('保存')} okButtonProps={{ loading: command.pending }} onOk={() => form.submit()} onCancel={() => leave(close)}>
      <ProblemAlert error={command.error} />
      <Form form={form} initialValues={inForm(seen)} onValuesChange={() => touched(true)} onFinish={(values) => void command.run(values)}>
        <Form.List name="phrases">
          {(fields, { add, remove }) => (
            <>
              {fields.map((field, i) => (
                <Space.Compact key={field.key} block className="gap">
                  <Form.Item name={field.name} noStyle>
                    <Input maxLength={200} aria-label={t('常用语{n}', { n: i + 1 })} />
                  </Form.Item>
                  <Button icon={<DeleteOutlined aria-hidden />} aria-label={t('删除第{n}行', { n: i + 1 })} onClick={() => remove(field.name)} />
                </Space.Compact>
              ))}
              <Button type="dashed" icon={<PlusOutlined aria-hidden />} onClick={() => add('')}>
                {t('添加')}
              </Button>
            </>
          )}
        </Form.List>
      </Form>
      {command.dialog}
    </Modal>
  );
}
