/** What the pages of 权限管理 and 活动管理 read, under the names the cache knows it by. */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';

export const administration = {
  nodes: ['nodes'] as const,
  node: (id: string) => ['node', id] as const,
  accounts: ['accounts'] as const,
  account: (id: string) => ['account', id] as const,
};

/** The tree of one's own subtree; empty for a unit's account. */
export const nodes = queryOptions({
  queryKey: administration.nodes,
  queryFn: () => answer(api.GET('/nodes')),
  staleTime: 60_000,
});

export const roles = queryOptions({
  queryKey: ['roles'],
  queryFn: () => answer(api.GET('/roles')),
  staleTime: 300_000,
});

export const account = (id: string) =>
  queryOptions({
    queryKey: [...administration.account(id), 'view'],
    queryFn: () => answer(api.GET('/accounts/{account}', { params: { path: { account: id } } })),
  });
