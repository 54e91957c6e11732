/** Whether the open task of an enrolment is one's own, and the way to take it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Space } from 'antd';
import { useNavigate } from 'react-router';
import { answer, api } from '../api/client';
import { keys } from '../api/queries';
import { useT } from '../i18n';
import { ProblemAlert } from './problem';
import { useSend } from './send';

export function useOwnTask({ id, task, application_number }: Subject, level: string, works = true): boolean | undefined {
  const query = useQuery({
    queryKey: [...keys.tasks, level, 'own', id, task ?? ''],
    queryFn: () => answer(api.GET('/tasks', { params: { query: { level, tab: 'mine', application_number, limit: 1 } } })),
    enabled: works,
  });
  return query.data && query.data.tasks.items.some((own) => own.id === task);
}

/** What a task is about. */
interface Subject {
  id: string;
  task?: string | null | undefined;
  application_number: string;
}

/** Says that the task is not one's own yet, with a button; or offers to put it back. */
export function Ownership({ subject, level, own, pool }: { subject: Subject; level: string; own: boolean | undefined; pool: string }) {
  const t = useT();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const task = subject.task ?? '';
  const acquire = useSend(
    () => answer(api.POST('/tasks/{task}/acquisition', { params: { path: { task } } })),
    async () => {
      message.success(t('已获取，可以开始处理'));
      await Promise.all([queries.invalidateQueries({ queryKey: keys.tasks }), queries.invalidateQueries({ queryKey: keys.enrolment(subject.id) })]);
    },
  );
  const release = useSend(
    () => answer(api.POST('/tasks/{task}/release', { params: { path: { task } } })),
    async () => {
      message.success(t('已退回工作池'));
      await queries.invalidateQueries({ queryKey: keys.tasks });
      await navigate(pool);
    },
  );
  if (!subject.task || own === undefined) return null;
  return (
    <>
      <ProblemAlert error={acquire.error ?? release.error} />
      {own ? (
        <Space className="gap">
          <Button loading={release.pending} onClick={() => void release.run()}>
            {t('释放')}
          </Button>
        </Space>
      ) : (
        <Alert
          className="gap"
          type="info"
          showIcon
          title={t('任务还不在您手上，获取后才能处理。')}
          action={
            <Button type="primary" loading={acquire.pending} onClick={() => void acquire.run()} data-level={level}>
              {t('获取')}
            </Button>
          }
        />
      )}
    </>
  );
}
