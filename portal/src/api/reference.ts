/** Plans, self-check rules, subsidies and gifted cover (活动管理), under the names the cache knows them by. */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

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
