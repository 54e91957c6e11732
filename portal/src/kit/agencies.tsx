/** 代办处 of an office: the tree to choose from, and the name of one by its path. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Skeleton, TreeSelect } from 'antd';
import { answer, api } from '../api/client';
import type { RegistrationNode } from '../api/schema.gen';
import { useT } from '../i18n';

const agencies = (office: string) =>
  queryOptions({
    queryKey: ['agencies', office],
    queryFn: () => answer(api.GET('/offices/{office}/agencies', { params: { path: { office } } })),
    enabled: office !== '',
    staleTime: 300_000,
  });

/** `/hq/2602/2602-3/` → `2602`, `2602-3`. */
const steps = (path: string) => path.split('/').filter(Boolean);
export const officeOf = (path: string) => steps(path)[1] ?? '';
export const nodeOf = (path: string) => steps(path).at(-1) ?? '';

/** `陕西省办事处 / 宝鸡代办处`, once it is known. */
export function AgencyName({ path }: { path: string }) {
  const { data, isLoading } = useQuery(agencies(officeOf(path)));
  if (isLoading) return <Skeleton.Input size="small" active />;
  const named = steps(path).map((id) => data?.find((node) => node.id === id)?.name);
  return named.filter(Boolean).join(' / ') || '–';
}

interface TreeNode {
  value: string;
  title: string;
  selectable: boolean;
  children: TreeNode[];
}

/** The nodes as a tree; below `within` only can one be chosen, if it is given. */
export function treeOf(nodes: RegistrationNode[], within?: string): TreeNode[] {
  const all = new Map<string, TreeNode>();
  const inside = new Set<string>();
  const roots: TreeNode[] = [];
  // Parents stand before their children; what lies above the office is not among them.
  for (const { id, name, parent, selectable } of nodes) {
    const above = all.get(parent);
    if (within === undefined || id === within || inside.has(parent) || (!above && parent === within)) inside.add(id);
    const here: TreeNode = { value: id, title: name, selectable: selectable && inside.has(id), children: [] };
    all.set(id, here);
    (above?.children ?? roots).push(here);
  }
  return roots;
}

interface Props {
  office: string;
  /** The node, by its identifier, below which one can be chosen. */
  within?: string;
  id?: string;
  value?: string | undefined;
  onChange?: (agency: string) => void;
}

export function AgencySelect({ office, within, ...field }: Props) {
  const t = useT();
  const { data = [], isFetching } = useQuery(agencies(office));
  return (
    <TreeSelect
      {...field}
      showSearch={{ treeNodeFilterProp: 'title' }}
      disabled={!office}
      loading={isFetching}
      treeDefaultExpandAll
      treeData={treeOf(data, within)}
      placeholder={t('可输入名称查找')}
    />
  );
}
