/** Asks before unsaved changes are left: a page, inside the portal and out of it, or a form that lies over one. */
import { App, Modal } from 'antd';
import { useCallback, useEffect, useId, useRef, type ReactNode } from 'react';
import { NavigationType, useBlocker } from 'react-router';
import { useT } from '../i18n';

/** State of a navigation that follows saving: it is let through, also before the page has been told that it is saved. */
export const SAVED = { saved: true } as const;

const isAfterSaving = (state: unknown) => typeof state === 'object' && state !== null && 'saved' in state;

/** Guards with something to lose. The router listens to one of them only, so each speaks for all. */
const unsaved = new Set<string>();

export function useGuard(dirty: boolean): ReactNode {
  const t = useT();
  const id = useId();
  useEffect(() => {
    if (!dirty) return undefined;
    unsaved.add(id);
    return () => void unsaved.delete(id);
  }, [dirty, id]);
  const blocker = useBlocker(
    // Going back to a page that was reached by saving is none.
    ({ currentLocation, nextLocation, historyAction }) => unsaved.size > 0 && !(historyAction !== NavigationType.Pop && isAfterSaving(nextLocation.state)) && currentLocation.pathname + currentLocation.search !== nextLocation.pathname + nextLocation.search,
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

/** The same for a form in a dialog or a drawer: `leave` closes it, and asks first if `touched` was told that there is something to lose. */
export function useClosing(): { touched: (dirty: boolean) => void; leave: (close: () => void) => void } {
  const t = useT();
  const { modal } = App.useApp();
  const dirty = useRef(false);
  const touched = useCallback((now: boolean) => {
    dirty.current = now;
  }, []);
  const leave = useCallback(
    (close: () => void) => {
      const gone = () => {
        dirty.current = false;
        close();
      };
      if (!dirty.current) {
        gone();
        return;
      }
      modal.confirm({
        title: t('有尚未保存的修改'),
        content: t('关闭后，这里未保存的内容将丢失。'),
        okText: t('放弃修改'),
        okButtonProps: { danger: true },
        cancelText: t('继续填写'),
        onOk: gone,
      });
    },
    [modal, t],
  );
  return { touched, leave };
}
