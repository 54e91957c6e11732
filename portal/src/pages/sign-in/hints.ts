/** What the laptop's server says of the sample accounts; elsewhere there is no such file. */
import { queryOptions } from '@tanstack/react-query';
import { local } from '../../api/local';

export interface Hints {
  password: string;
  accounts: { user_name: string; name: string; purpose: string }[];
  mails: string;
  texts: string;
}

export const hints = queryOptions({ queryKey: ['hints'], queryFn: () => local<Hints>('/local/hints.json'), staleTime: Infinity, retry: false });
