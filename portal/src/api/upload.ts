/**
 * A file's way to the platform: checked here in the server's own words, announced (`POST /uploads`), posted straight to
 * the bucket with the presigned form, and watched until the platform has accepted or rejected it.
 */
import { answer, api } from './client';
import { Refused, isPassing, unreachable } from './problem';
import type { UploadForm, UploadStatus } from './schema.gen';

export type Purpose = 'roster' | 'enrolment-attachment' | 'over-age-proof' | 'certificate-scan' | Paper;
/** Papers of a unit that applies: nobody is signed in yet. */
export type Paper = 'unit-certificate' | 'union-certificate';

const MIB = 1024 * 1024;
/** docs: uploads. The server decides; this only spares the way. */
export const LIMITS: Record<Purpose, { size_max: number; extensions: string[] }> = {
  roster: { size_max: 20 * MIB, extensions: ['xlsx', 'xls', 'csv'] },
  'enrolment-attachment': { size_max: 10 * MIB, extensions: ['jpg', 'jpeg', 'png', 'pdf'] },
  'over-age-proof': { size_max: 10 * MIB, extensions: ['jpg', 'jpeg', 'png', 'pdf'] },
  'certificate-scan': { size_max: 20 * MIB, extensions: ['pdf'] },
  'unit-certificate': { size_max: 2 * MIB, extensions: ['jpg', 'jpeg', 'png'] },
  'union-certificate': { size_max: 2 * MIB, extensions: ['jpg', 'jpeg', 'png'] },
};

/** What is wrong with a file before it travels, as the server would say it. */
export function faultsOf(purpose: Purpose, file: { name: string; size: number }): string[] {
  const { size_max, extensions } = LIMITS[purpose];
  const extension = file.name.includes('.') ? (file.name.split('.').pop() ?? '').toLowerCase() : '';
  const faults: string[] = [];
  if (file.size === 0) faults.push('文件是空的');
  if (file.size > size_max) faults.push(`文件不能超过${size_max / MIB}MB`);
  if (!extensions.includes(extension)) faults.push('不支持这种文件类型');
  return faults;
}

export type Stage = 'checking' | 'sending' | 'inspecting';

export interface Transfer {
  purpose: Purpose;
  /** Of all but papers. */
  enrolment?: string;
  plans?: string[];
  file: File;
  onStage: (stage: Stage, percent: number) => void;
  signal: AbortSignal;
}

/** SHA-256 in lower-case hex. */
async function sha256(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Posts the form; `XMLHttpRequest`, because `fetch` does not tell how far it is. */
function post({ url, fields }: Pick<UploadForm, 'url' | 'fields'>, { file, onStage, signal }: Transfer): Promise<void> {
  const body = new FormData();
  fields.forEach(({ name, value }) => body.append(name, value));
  body.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.upload.onprogress = ({ loaded, total }) => onStage('sending', Math.round((loaded / Math.max(total, 1)) * 100));
    request.onload = () => (request.status >= 200 && request.status < 300 ? resolve() : reject(unreachable()));
    request.onerror = () => reject(unreachable());
    signal.addEventListener('abort', () => {
      request.abort();
      reject(unreachable());
    });
    request.send(body);
  });
}

const isPaper = (purpose: Purpose): purpose is Paper => purpose === 'unit-certificate' || purpose === 'union-certificate';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until the upload is accepted or rejected, ever more slowly; a failing network does not end the watch. */
async function watch(upload: string, purpose: Purpose, signal: AbortSignal): Promise<UploadStatus> {
  for (let wait_ms = 500; ; wait_ms = Math.min(wait_ms * 1.4, 4000)) {
    if (signal.aborted) throw unreachable();
    try {
      const params = { path: { upload } };
      const status = await answer(isPaper(purpose) ? api.GET('/registration-images/{upload}', { params }) : api.GET('/uploads/{upload}', { params }));
      if (status.state === 'accepted' || status.state === 'rejected') return status;
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await pause(wait_ms);
  }
}

/** The whole way; throws `Refused` when the platform does not take the file. */
export async function transfer(what: Transfer): Promise<UploadStatus> {
  const { purpose, enrolment = '', plans, file, onStage, signal } = what;
  onStage('checking', 0);
  const announced = { file_name: file.name, size: file.size, sha256: await sha256(file) };
  const form = await answer(
    isPaper(purpose)
      ? api.POST('/registration-images', { body: { ...announced, purpose } })
      : api.POST('/uploads', { body: { ...announced, purpose, enrolment, ...(plans ? { plans } : {}) } }),
  );
  onStage('sending', 0);
  await post(form, what);
  onStage('inspecting', 100);
  const status = await watch(form.upload, purpose, signal);
  if (status.state === 'rejected') {
    throw new Refused({ type: '/problems/rejected', title: '', status: 422, code: status.code ?? 'REJECTED', detail: status.text ?? '' });
  }
  return status;
}
