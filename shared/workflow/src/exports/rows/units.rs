//! Rows of units, as their list shows them.

use std::collections::BTreeMap;

use domain::export::{Column, Holds};
use domain::organisation::{Node, NodeKind, NodePath, Unit};

use super::{Row, UNIT, column, yes};

pub(super) const UNITS: &[Column] = &[
    UNIT,
    column("统一社会信用代码", Holds::Text, 22),
    column("归属代办处", Holds::Text, 40),
    column("经办人", Holds::Text, 12),
    column("状态", Holds::Text, 8),
    column("限制", Holds::Text, 6),
    column("涉密", Holds::Text, 6),
    column("已合并", Holds::Text, 8),
    column("移交中", Holds::Text, 8),
];

/// The row of a unit, for somebody who sits at `reader`; `nodes` are those at or below the reader, by path.
pub fn unit(unit: &Unit, reader: &NodePath, nodes: &BTreeMap<String, Node>) -> Row {
    let handler = unit.record.contacts.iter().find(|contact| contact.account == unit.handler);
    vec![
        unit.name_for(reader).into(),
        (!unit.is_masked_for(reader)).then(|| unit.code.clone()).into(),
        place(unit, nodes).into(),
        handler.map(|contact| contact.contact.name.clone()).into(),
        if unit.active { "正常" } else { "停用" }.into(),
        yes(unit.restricted),
        yes(unit.classified),
        yes(unit.merged_into.is_some()),
        yes(unit.moving),
    ]
}

/// Where a unit belongs: `陕西省办事处 / 宝鸡代办处`, as far as the nodes are known, without headquarters above others.
fn place(unit: &Unit, nodes: &BTreeMap<String, Node>) -> String {
    let mut above: Vec<&Node> = unit.path.lineage().filter_map(|path| nodes.get(path)).collect();
    if above.len() > 1 {
        above.retain(|node| node.kind != NodeKind::Headquarters);
    }
    above.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(" / ")
}
