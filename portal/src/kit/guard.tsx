/** Asks before a page with unsaved changes is left, inside the portal and out of it. */
import { Modal } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { NavigationType, useBlocker } from 'react-router';
import { useT } from '../i18n';

/** State of a navigation that follows saving: it is let through, also before the page has been told that it is saved. */
export const SAVED = { saved: true } as const;

const isAfterSaving = (state: unknown) => typeof state === 'object' && state !== null && 'saved' in state;

export function useGuard(dirty: boolean): ReactNode {
  const t = useT();
  const blocker = useBlocker(
    // Going back to a page that was reached by saving is none.
    ({ currentLocation, nextLocation, historyAction }) => dirty && !(historyAction !== NavigationType.Pop && isAfterSaving(nextLocation.state)) && currentLocation.pathname + currentLocation.search !== nextLocation.pathname + nextLocation.search,
  );
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    globalThis.addEventListener('beforeunload', ask);
    return () => globalThis.removeEventListener('beforeunload', ask);
  }, [dirty]);
  return (
    <Modal
      open={blocker.state === 'blocked'}
      title={t('有尚未保存的修改')}
      okText={t('放弃修改并离开')}
      okButtonProps={{ danger: true }}
      cancelText={t('留在本页')}
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      {t('离开后，本页未保存的内容将丢失。')}
    </Modal>
  );
}
