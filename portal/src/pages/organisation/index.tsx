/** 组织机构: the tree of one's subtree; a node's name, its agencies, and what an office decides for itself. */
import { ApartmentOutlined, BankOutlined, HomeOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Space, Tabs, Tree, type TreeDataNode } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { administration, nodes as nodesQuery } from '../../api/administration';
import { answer, api } from '../../api/client';
import type { NodeView } from '../../api/schema.gen';
import { useT, type Key } from '../../i18n';
import { Journal } from '../../kit/journal';
import { depth, placeName } from '../../kit/nodes';
import { Facts } from '../../kit/show';
import { Empty, Load } from '../../kit/states';
import { useMay } from '../../shell/access';
import { AddAgency, Rename } from './Names';
import { Settings } from './Settings';

const KINDS: Record<string, Key> = { headquarters: '总会', office: '办事处', agency: '代办处' };
const ICONS = { headquarters: <HomeOutlined aria-hidden />, office: <BankOutlined aria-hidden />, agency: <ApartmentOutlined aria-hidden /> } as Record<string, React.ReactNode>;
/** Deepest place of an agency: below it there must be room for its units. */
const AGENCY_DEPTH_MAX = 4;

export default function Organisation() {
  const t = useT();
  const query = useQuery(nodesQuery);
  return (
    <>
      <h1>{t('组织机构')}</h1>
      <Load query={query}>{(nodes) => (nodes.length === 0 ? <Empty title={t('没有机构')} /> : <Browser nodes={nodes} />)}</Load>
    </>
  );
}

function treeOf(nodes: NodeView[], shown: (node: NodeView) => boolean): TreeDataNode[] {
  const all = new Map(nodes.filter(shown).map((node) => [node.id, { key: node.id, title: node.name, icon: ICONS[node.kind], children: [] as TreeDataNode[] }]));
  const roots: TreeDataNode[] = [];
  for (const node of nodes) {
    const here = all.get(node.id);
    if (here) (all.get(node.parent ?? '')?.children ?? roots).push(here);
  }
  return roots;
}

function Browser({ nodes }: { nodes: NodeView[] }) {
  const t = useT();
  const [params, setParams] = useSearchParams();
  const [wanted, setWanted] = useState('');
  const [opened, setOpened] = useState<string[]>(() => nodes.filter(({ path }) => depth(path) <= 2).map(({ id }) => id));
  const found = useMemo(() => (wanted ? nodes.filter(({ name, office_code }) => name.includes(wanted) || office_code === wanted) : []), [nodes, wanted]);
  const tree = useMemo(() => treeOf(nodes, (node) => !wanted || found.some(({ path }) => path.startsWith(node.path))), [nodes, found, wanted]);
  const chosen = nodes.find(({ id }) => id === params.get('node')) ?? nodes[0];
  const above = (paths: string[]) => nodes.filter(({ path }) => paths.some((one) => one.startsWith(path))).map(({ id }) => id);
  return (
    <div className="with-tree">
      <section className="panel" aria-label={t('组织机构')}>
        <Input.Search
          allowClear
          className="gap"
          placeholder={t('名称或办事处代码')}
          aria-label={t('名称或办事处代码')}
          onSearch={(text) => {
            setWanted(text.trim());
            if (text.trim()) setOpened(nodes.map(({ id }) => id));
          }}
        />
        {tree.length === 0 ? (
          <Empty title={t('没有符合条件的记录')} />
        ) : (
          <Tree
            blockNode
            showIcon
            height={560}
            treeData={tree}
            expandedKeys={[...new Set([...opened, ...(chosen ? above([chosen.path]).filter((id) => id !== chosen.id) : [])])]}
            onExpand={(keys) => setOpened(keys.map(String))}
            selectedKeys={chosen ? [chosen.id] : []}
            onSelect={([id]) => {
              if (id !== undefined) setParams({ node: String(id) });
            }}
          />
        )}
      </section>
      {chosen && <Node key={chosen.id} node={chosen} nodes={nodes} />}
    </div>
  );
}

function Node({ node, nodes }: { node: NodeView; nodes: NodeView[] }) {
  const t = useT();
  const may = useMay();
  const [asking, setAsking] = useState<'rename' | 'add' | null>(null);
  const manages = may('manage-organisation');
  const parent = nodes.find(({ id }) => id === node.parent);
  return (
    <section className="panel" aria-labelledby="node">
      <div className="panel-head">
        <h2 id="node">{node.name}</h2>
        {manages && (
          <Space wrap>
            <Button onClick={() => setAsking('rename')}>{t('修改名称')}</Button>
            {node.kind !== 'headquarters' && depth(node.path) < AGENCY_DEPTH_MAX && (
              <Button type="primary" onClick={() => setAsking('add')}>
                {t('新增代办处')}
              </Button>
            )}
          </Space>
        )}
      </div>
      <Facts
        facts={[
          [t('类别'), t(KINDS[node.kind] ?? '代办处')],
          [t('办事处代码'), node.office_code ?? '–'],
          [t('上级机构'), parent ? placeName(nodes, parent.path) : '–'],
          [t('下级机构'), nodes.filter(({ parent: above }) => above === node.id).length],
          [t('账号'), <Link to={`/accounts?node=${encodeURIComponent(node.path)}`}>{t('查看账号')}</Link>],
        ]}
      />
      <Tabs
        destroyOnHidden
        items={[
          ...(node.kind === 'office' ? [{ key: 'settings', label: t('办事处设置'), children: <Settings node={node} /> }] : []),
          {
            key: 'trail',
            label: t('变更轨迹'),
            children: (
              <Journal
                caption={t('变更轨迹')}
                name={[...administration.node(node.id), 'trail']}
                read={(query) => answer(api.GET('/nodes/{node}/trail', { params: { path: { node: node.id }, query } }))}
              />
            ),
          },
        ]}
      />
      {asking === 'rename' && <Rename node={node} close={() => setAsking(null)} />}
      {asking === 'add' && <AddAgency parent={node} close={() => setAsking(null)} />}
    </section>
  );
}
