/** The organisation tree, as choices and as names. */
import type { NodeView } from '../api/schema.gen';

/** A node to choose; its value is its path. */
export interface Branch {
  value: string;
  title: string;
  children: Branch[];
}

/** Nodes, each after the one above it, as a tree; the value is the path. */
export function branches(nodes: NodeView[]): Branch[] {
  const all = new Map<string, Branch>(nodes.map((node) => [node.id, { value: node.path, title: node.name, children: [] }]));
  const roots: Branch[] = [];
  for (const node of nodes) {
    const here = all.get(node.id);
    if (here) (all.get(node.parent ?? '')?.children ?? roots).push(here);
  }
  return roots;
}

/** How many steps below nothing a path is: `/hq/` is 1. */
export const depth = (path: string) => path.split('/').filter(Boolean).length;

/** `/hq/2602/2602-3/` → `陕西省办事处 / 宝鸡代办处`: as far as the nodes are known, without the headquarters above others. */
export function placeName(nodes: NodeView[], path: string): string {
  const lineage = nodes.filter((node) => path.startsWith(node.path)).sort((one, other) => one.path.length - other.path.length);
  const named = lineage.length > 1 && lineage[0]?.kind === 'headquarters' ? lineage.slice(1) : lineage;
  return named.map(({ name }) => name).join(' / ') || path;
}
