/**
 * Uploading: choose or drag, several at once; each file shows how far it is, why it failed, and can be tried again;
 * pictures can be turned.
 */
import { CloudUploadOutlined, DeleteOutlined, RedoOutlined, RotateLeftOutlined, RotateRightOutlined } from '@ant-design/icons';
import { Button, Progress } from 'antd';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { LIMITS, faultsOf, transfer, type Purpose, type Stage } from '../api/upload';
import type { UploadStatus } from '../api/schema.gen';
import { useT, type Key } from '../i18n';
import { isPicture, quarterTurn } from './picture';

interface Item {
  id: string;
  file: File;
  stage: Stage | 'accepted' | 'failed';
  percent: number;
  reasons: string[];
  final: boolean;
  /** A picture's own address in this page. */
  picture?: string | undefined;
  /** What the platform knows it by, once it was accepted. */
  upload?: string | undefined;
}

const STAGES: Record<Item['stage'], Key> = {
  checking: '正在校验',
  sending: '正在上传',
  inspecting: '正在检查和处理',
  accepted: '已完成',
  failed: '未成功',
};

interface Props {
  /** Of all but a unit's papers. */
  enrolment?: string;
  purpose: Purpose;
  plans?: string[];
  /** The platform has taken the file; it may stand in for one that was taken before, turned the wrong way. */
  accepted: (status: UploadStatus, file: File, instead?: string) => unknown;
  /** The platform is looking at it: what shows its progress may read again. */
  inspecting?: () => void;
  label: string;
  hint?: string;
  multiple?: boolean;
  disabled?: boolean;
}

export function UploadBox({ enrolment, purpose, plans, accepted, inspecting, label, hint, multiple = true, disabled = false }: Props) {
  const t = useT();
  const inputId = useId();
  const [items, setItems] = useState<Item[]>([]);
  const [over, setOver] = useState(false);
  const abort = useRef(new AbortController());
  // What is done with accepted files is done one after the other: each changes the same enrolment.
  const line = useRef<Promise<unknown>>(Promise.resolve());
  // Leaving the page does not stop the platform: what was posted goes on, and shows when one comes back.
  useEffect(() => {
    abort.current = new AbortController();
    const { current } = abort;
    return () => current.abort();
  }, []);
  const change = useCallback((id: string, next: Partial<Item>) => setItems((old) => old.map((item) => (item.id === id ? { ...item, ...next } : item))), []);

  const start = async (item: Item) => {
    const faults = faultsOf(purpose, item.file);
    if (faults.length > 0) {
      change(item.id, { stage: 'failed', reasons: faults, final: true });
      return;
    }
    try {
      const status = await transfer({
        purpose,
        ...(enrolment ? { enrolment } : {}),
        ...(plans ? { plans } : {}),
        file: item.file,
        signal: abort.current.signal,
        onStage: (stage, percent) => {
          change(item.id, { stage, percent, reasons: [] });
          if (stage === 'inspecting') inspecting?.();
        },
      });
      const turn = line.current.then(() => accepted(status, item.file, item.upload));
      line.current = turn.catch(() => undefined);
      await turn;
      change(item.id, { stage: 'accepted', percent: 100, upload: status.upload });
    } catch (error) {
      if (!abort.current.signal.aborted) change(item.id, { stage: 'failed', reasons: [error instanceof Error ? error.message : String(error)], final: false });
    }
  };
  const add = (files: FileList | null) => {
    const chosen = Array.from(files ?? []).slice(0, multiple ? undefined : 1);
    const fresh = chosen.map<Item>((file) => ({ id: crypto.randomUUID(), file, stage: 'checking', percent: 0, reasons: [], final: false, picture: isPicture(file) ? URL.createObjectURL(file) : undefined }));
    setItems((old) => [...old, ...fresh]);
    fresh.forEach((item) => void start(item));
  };
  const leave = ({ id, picture }: Item) => {
    if (picture) URL.revokeObjectURL(picture);
    setItems((old) => old.filter((item) => item.id !== id));
  };
  /** The picture is turned here, sent again, and stands in for the one before. */
  const turn = async (item: Item, way: 'left' | 'right') => {
    change(item.id, { stage: 'checking', percent: 0, reasons: [] });
    try {
      const file = await quarterTurn(item.file, way);
      const turned: Item = { ...item, file, picture: URL.createObjectURL(file), stage: 'checking' };
      if (item.picture) URL.revokeObjectURL(item.picture);
      change(item.id, turned);
      await start(turned);
    } catch {
      change(item.id, { stage: 'failed', reasons: [t('这张图片不能在此旋转')], final: true });
    }
  };
  const { extensions, size_max } = LIMITS[purpose];
  return (
    <div className="uploads">
      <label
        htmlFor={inputId}
        className={`drop ${over ? 'over' : ''} ${disabled ? 'off' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (!disabled) add(event.dataTransfer.files);
        }}
      >
        <input
          id={inputId}
          type="file"
          className="sr-only"
          disabled={disabled}
          multiple={multiple}
          accept={extensions.map((extension) => `.${extension}`).join(',')}
          onChange={(event) => {
            add(event.target.files);
            event.target.value = '';
          }}
        />
        <CloudUploadOutlined aria-hidden /> <strong>{label}</strong>
        <span className="quiet">{hint ?? t('点击选择或拖到此处；{types}，每个不超过{size}MB', { types: extensions.join('、'), size: size_max / 1024 / 1024 })}</span>
      </label>
      {items.length > 0 && (
        <ul className="upload-list" aria-live="polite">
          {items.map((item) => (
            <li key={item.id}>
              {item.picture && <img className="upload-picture" src={item.picture} alt="" />}
              <span className="upload-name">{item.file.name}</span>
              {/* What is done needs no bar, and leaves its place to the buttons. */}
              <span className="upload-bar" hidden={item.stage === 'accepted'}>
                <Progress
                  percent={item.stage === 'inspecting' ? 100 : item.percent}
                  size="small"
                  status={item.stage === 'failed' ? 'exception' : item.stage === 'accepted' ? 'success' : 'active'}
                  showInfo={item.stage === 'sending'}
                  aria-label={item.file.name}
                />
              </span>
              <span>{t(STAGES[item.stage])}</span>
              {item.stage === 'failed' && !item.final && (
                <Button size="small" icon={<RedoOutlined aria-hidden />} onClick={() => void start(item)}>
                  {t('重试')}
                </Button>
              )}
              {item.stage === 'accepted' && item.picture && (
                <>
                  <Button size="small" type="text" icon={<RotateLeftOutlined aria-hidden />} aria-label={t('向左旋转{name}', { name: item.file.name })} title={t('向左旋转')} onClick={() => void turn(item, 'left')} />
                  <Button size="small" type="text" icon={<RotateRightOutlined aria-hidden />} aria-label={t('向右旋转{name}', { name: item.file.name })} title={t('向右旋转')} onClick={() => void turn(item, 'right')} />
                </>
              )}
              {(item.stage === 'failed' || item.stage === 'accepted') && (
                <Button
                  size="small"
                  type="text"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('从列表中移去{name}', { name: item.file.name })}
                  onClick={() => leave(item)}
                />
              )}
              {item.reasons.length > 0 && (
                <span className="reasons" role="alert">
                  {item.reasons.join('；')}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
