/** Plans and self-check rules hold for all offices: they are changed at headquarters only. */
import { depth } from '../../kit/nodes';
import { useMay, useMe } from '../../shell/access';

/** In the place of a code or version in addresses, for one that does not exist yet; neither has an underscore. */
export const NEW = '_new';

export function useChangesPlans(): boolean {
  const me = useMe();
  const may = useMay();
  return may('manage-plans') && depth(me.node) === 1;
}
