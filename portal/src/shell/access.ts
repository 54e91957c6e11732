/** Who is signed in, and what they may do. Names of permissions are those of GET /me. */
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { me } from '../api/queries';
import type { AccountView } from '../api/schema.gen';

export function useMe(): AccountView {
  return useSuspenseQuery(me).data;
}

export function useMay(): (...any: string[]) => boolean {
  const { data } = useQuery({ ...me, enabled: false });
  return (...any) => any.some((permission) => data?.permissions.includes(permission));
}
