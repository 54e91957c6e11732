/** Plans, self-check rules, subsidies and gifted cover (活动管理), under the names the cache knows them by. */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { ReliefTrialInput } from './schema.gen';

export const reference = {
  variants: ['plan-variants'] as const,
  variant: (code: string) => ['plan-variant', code] as const,
  rules: ['self-check-rules'] as const,
  reliefs: (office: string) => ['reliefs', office] as const,
};

export const variants = queryOptions({
  queryKey: reference.variants,
  queryFn: () => answer(api.GET('/plan-variants')),
});

export const variant = (code: string) =>
  queryOptions({
    queryKey: [...reference.variant(code), 'book'],
    queryFn: () => answer(api.GET('/plan-variants/{code}', { params: { path: { code } } })),
  });

export const rules = queryOptions({
  queryKey: [...reference.rules, 'book'],
  queryFn: () => answer(api.GET('/self-check-rules')),
});

export const reliefs = (office: string) =>
  queryOptions({
    queryKey: [...reference.reliefs(office), 'book'],
    queryFn: () => answer(api.GET('/offices/{office}/reliefs', { params: { path: { office } } })),
  });

/** What a version changes in sample cases. It is asked for again whenever it is shown: what it is compared with may have moved. */
export const planEffect = (code: string, version: string) =>
  queryOptions({
    queryKey: [...reference.variant(code), 'effect', version],
    queryFn: () => answer(api.GET('/plan-variants/{code}/versions/{version}/effect', { params: { path: { code, version } } })),
    staleTime: 0,
  });

export const rulesEffect = (version: string) =>
  queryOptions({
    queryKey: [...reference.rules, 'effect', version],
    queryFn: () => answer(api.GET('/self-check-rules/versions/{version}/effect', { params: { path: { version } } })),
    staleTime: 0,
  });

/** The same for what is about to be granted or ended. */
export const reliefEffect = (office: string, input: ReliefTrialInput) =>
  queryOptions({
    queryKey: [...reference.reliefs(office), 'effect', input],
    queryFn: () => answer(api.POST('/offices/{office}/reliefs/trial', { params: { path: { office } }, body: input })),
    staleTime: 0,
  });
