/** What the server answers when it does not do what was asked: RFC 9457, see docs/http-api.md. */
import type { Fault, Problem } from './schema.gen';

/** A refusal of the server, or an outage on the way to it. */
export class Refused extends Error {
  readonly problem: Problem;
  /** `ETag` of the answer: with 412, the version that is current. */
  readonly version: string | null;

  constructor(problem: Problem, version: string | null = null) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
    this.version = version;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }

  get faults(): Fault[] {
    return this.problem.errors ?? [];
  }

  /** The number that support asks for. */
  get request(): string | undefined {
    return this.problem.instance?.replace(/^urn:request:/, '') ?? undefined;
  }
}

/** The request did not reach the server, or its answer did not reach us. */
export function unreachable(): Refused {
  return new Refused({
    type: '/problems/unreachable',
    title: '无法连接服务器',
    status: 0,
    code: 'UNREACHABLE',
    detail: '无法连接服务器，请检查网络后重试；您填写的内容仍在本页',
  });
}

/** An answer that is no problem document, for example of a gateway in between. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) return body as Problem;
  return { type: '/problems/unexpected', title: '服务异常', status, code: 'UNEXPECTED', detail: `服务暂时不可用（${status}），请稍后重试` };
}

/** Whether asking again later may help without anything being changed. */
export function isPassing(error: unknown): boolean {
  return error instanceof Refused && (error.status === 0 || error.status === 502 || error.status === 503 || error.status === 504);
}
