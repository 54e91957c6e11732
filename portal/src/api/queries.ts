/** What pages read, under the names the cache knows it by. Invalidate with `keys.…`. */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

export const keys = {
  me: ['me'] as const,
  plans: ['plans'] as const,
  enrolments: ['enrolments'] as const,
  enrolment: (id: string) => ['enrolment', id] as const,
  tasks: ['tasks'] as const,
  phrases: ['phrases'] as const,
  units: ['units'] as const,
  unit: (id: string) => ['unit', id] as const,
};

export const me = queryOptions({
  queryKey: keys.me,
  queryFn: () => answer(api.GET('/me')),
  staleTime: 60_000,
});

export const plans = queryOptions({
  queryKey: keys.plans,
  queryFn: () => answer(api.GET('/plans')),
  staleTime: 300_000,
});

export const enrolment = (id: string) =>
  queryOptions({
    queryKey: [...keys.enrolment(id), 'view'],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}', { params: { path: { enrolment: id } } })),
  });

/** `of`: what the links belong to; they are read again when it changes. */
export const files = (id: string, of: string | number = '') =>
  queryOptions({
    queryKey: [...keys.enrolment(id), 'files', String(of)],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/files', { params: { path: { enrolment: id } } })),
    // Links are good for five minutes.
    staleTime: 240_000,
  });

/**
 * Rosters and failed rows, too, which hold ID numbers in full. Reading them leaves an entry in the trail: they are read when
 * asked for (`refetch`) and never again by themselves, whatever else of the enrolment is.
 */
export const filesInFull = (id: string) =>
  queryOptions({
    queryKey: ['files-in-full', id],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/files', { params: { path: { enrolment: id }, query: { in_full: true } } })),
    enabled: false,
    gcTime: 0,
  });

export const receipts = (id: string) =>
  queryOptions({
    queryKey: [...keys.enrolment(id), 'receipts'],
    queryFn: () => answer(api.GET('/enrolments/{enrolment}/receipts', { params: { path: { enrolment: id } } })),
  });

export const trail = (id: string) =>
  queryOptions({
    queryKey: [...keys.enrolment(id), 'trail'],
    queryFn: async () => {
      const entries = [];
      let cursor: string | undefined;
      do {
        const page = await answer(
          api.GET('/enrolments/{enrolment}/trail', { params: { path: { enrolment: id }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } }),
        );
        entries.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor);
      return entries;
    },
  });

export const unit = (id: string) =>
  queryOptions({
    queryKey: [...keys.unit(id), 'view'],
    queryFn: () => answer(api.GET('/units/{unit}', { params: { path: { unit: id } } })),
  });

/** Links to the papers of a unit; they are read again when its version changes. */
export const unitImages = (id: string, version: number) =>
  queryOptions({
    queryKey: [...keys.unit(id), 'images', version],
    queryFn: () => answer(api.GET('/units/{unit}/images', { params: { path: { unit: id } } })),
    // Links are good for five minutes.
    staleTime: 240_000,
  });

/** The trail of a unit, oldest first, whole. */
export const unitTrail = (id: string) =>
  queryOptions({
    queryKey: [...keys.unit(id), 'trail'],
    queryFn: async () => {
      const entries = [];
      let cursor: string | undefined;
      do {
        const page = await answer(api.GET('/units/{unit}/trail', { params: { path: { unit: id }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } }));
        entries.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor);
      return entries;
    },
  });
