/** The captcha: a sum as a picture, or in words for who does not see it. One answer, two minutes; a click brings another. */
import { ReloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Switch } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { useT } from '../i18n';

export interface CaptchaState {
  id: string | undefined;
  refresh: () => void;
  field: React.ReactNode;
}

export function useCaptcha(): CaptchaState {
  const t = useT();
  const [words, setWords] = useState(false);
  const captcha = useQuery({
    queryKey: ['captcha'],
    queryFn: () => answer(api.POST('/captchas')),
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    // Good for two minutes; a new one before a slow typist meets the end.
    refetchInterval: 110_000,
  });
  const refresh = () => void captcha.refetch();
  const field = (
    <div className="captcha">
      <Form.Item name="captcha" label={t('验证码')} rules={[{ required: true, message: t('请输入验证码') }]} extra={t('请输入算式的结果')}>
        <Input inputMode="numeric" autoComplete="off" maxLength={8} />
      </Form.Item>
      <div className="captcha-side">
        {words ? (
          <output className="captcha-words">{captcha.data?.words ?? '…'}</output>
        ) : (
          <button type="button" className="captcha-picture" onClick={refresh} title={t('看不清，换一张')}>
            {captcha.data ? <img src={captcha.data.image} alt={t('验证码图片；看不见图片请使用文字验证码')} /> : <span>{captcha.error ? t('点击重试') : '…'}</span>}
          </button>
        )}
        <Button type="text" icon={<ReloadOutlined spin={captcha.isFetching} />} onClick={refresh} aria-label={t('换一个验证码')} />
      </div>
      <label className="captcha-switch">
        <Switch size="small" checked={words} onChange={setWords} aria-label={t('文字验证码')} /> {t('文字验证码')}
      </label>
    </div>
  );
  return { id: captcha.data?.id, refresh, field };
}
