/** Signing in again over the page when the session ended: what is being filled in stays as it is. */
import { useQueryClient } from '@tanstack/react-query';
import { Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { me } from '../api/queries';
import { onExpired } from '../api/session';
import { useT } from '../i18n';
import { SignInForm } from './SignInForm';

export function SessionKeeper() {
  const t = useT();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const settle = useRef<(signedIn: boolean) => void>(undefined);
  useEffect(
    () =>
      onExpired(() => {
        // Nobody was signed in on this page: the sign-in page is where to go.
        if (!queries.getQueryData(me.queryKey)) return Promise.resolve(false);
        setOpen(true);
        return new Promise<boolean>((resolve) => {
          settle.current = resolve;
        });
      }),
    [queries],
  );
  const end = (signedIn: boolean) => {
    setOpen(false);
    settle.current?.(signedIn);
  };
  if (!open) return null;
  const before = queries.getQueryData(me.queryKey)?.id;
  return (
    <Modal open title={t('登录已过期，请重新登录')} footer={null} mask={{ closable: false }} onCancel={() => end(false)} destroyOnHidden zIndex={2000}>
      <p>{t('您填写的内容仍在本页，登录后继续。')}</p>
      <SignInForm
        done={(account) => {
          // Another person's page must not stay on the screen.
          if (before !== undefined && account.id !== before) globalThis.location.assign('/');
          else end(true);
        }}
      />
    </Modal>
  );
}
