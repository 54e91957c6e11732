/** One's own phrases for opinions: a click adds one to the opinion; the list is kept here, too. */
import { DeleteOutlined, PlusOutlined, SettingOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import { answer, api, versioned } from '../../api/client';
import { keys } from '../../api/queries';
import { useT } from '../../i18n';
import { ProblemAlert } from '../../kit/problem';
import { useSend } from '../../kit/send';

export function Phrases({ use }: { use: (phrase: string) => void }) {
  const t = useT();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const [form] = Form.useForm<{ phrases: string[] }>();
  const query = useQuery({ queryKey: keys.phrases, queryFn: () => versioned(api.GET('/opinion-phrases')) });
  const save = useSend(
    (phrases: string[]) => answer(api.PUT('/opinion-phrases', { params: { header: { 'If-Match': query.data?.version ?? '"0"' } }, body: { phrases } })),
    async () => {
      await queries.invalidateQueries({ queryKey: keys.phrases });
      setEditing(false);
    },
  );
  const phrases = query.data?.body.phrases ?? [];
  return (
    <div className="phrases" role="group" aria-label={t('常用语')}>
      {phrases.map((phrase) => (
        <Button key={phrase} size="small" onClick={() => use(phrase)}>
          {phrase}
        </Button>
      ))}
      <Button size="small" type="text" icon={<SettingOutlined aria-hidden />} onClick={() => setEditing(true)}>
        {t('常用语')}
      </Button>
      <Modal open={editing} title={t('常用语')} okText={t('保存')} okButtonProps={{ loading: save.pending }} onOk={() => form.submit()} onCancel={() => setEditing(false)} destroyOnHidden>
        <ProblemAlert error={save.error} />
        <Form form={form} initialValues={{ phrases: phrases.length > 0 ? phrases : [''] }} preserve={false} onFinish={(values) => void save.run(values.phrases.map((phrase) => phrase.trim()).filter(Boolean))}>
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
      </Modal>
    </div>
  );
}
