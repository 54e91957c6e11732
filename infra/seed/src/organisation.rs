//! The sample organisation: headquarters, the catalogue's offices and agencies, and a few units.

use anyhow::{Context, Result};
use aws::dynamo::Dynamo;
use domain::ids::{AccountId, NodeId, UnitId};
use domain::number::OfficeCode;
use domain::organisation::{CollectionAccount, Node, NodeKind, NodePath, OfficeSettings, Unit};
use domain::plan::{Catalogue, CatalogueAgency};
use workflow::ports::Registry;

/// A sample unit: id, name, credit code, agency path below headquarters, handler's account.
const UNITS: [(&str, &str, &str, &str, &str); 4] = [
    ("unit-qishan-1", "岐山县第一机械厂", "12370200MB12345671", "2602/2602-3/2602-3-1", "zhangsan"),
    ("unit-qishan-2", "岐山县中心小学", "12370200MB1234562H", "2602/2602-3/2602-3-1", "sunliu"),
    ("unit-feng-1", "凤县人民医院", "12370200MB1234563L", "2602/2602-3/2602-3-2", "lisi"),
    ("unit-xinxiang-1", "新乡市纺织集团有限公司", "91370211MA3ABCDE1K", "1600/1600-2/1600-2-1", "zhaoqi"),
];

/// Writes the tree and the units; answers how many units.
pub async fn fill(store: &Dynamo, catalogue: &Catalogue) -> Result<usize> {
    let root = NodePath::root();
    let headquarters = Node {
        id: NodeId::parse("hq")?,
        kind: NodeKind::Headquarters,
        name: "中国职工保险互助会".to_owned(),
        path: root.clone(),
        office_code: None,
        settings: None,
        version: 1,
    };
    plant(store, &headquarters).await?;
    for office in &catalogue.offices {
        let id = NodeId::parse(office.code.as_str())?;
        let path = root.child(&id);
        let node = Node {
            id,
            kind: NodeKind::Office,
            name: office.name.clone(),
            path: path.clone(),
            office_code: Some(office.code),
            settings: Some(settings(&office.name)),
            version: 1,
        };
        plant(store, &node).await?;
        agencies(store, &office.agencies, office.code.as_str(), &path, office.code).await?;
    }
    for unit in UNITS {
        store.found_unit(&sample(unit)?).await?;
    }
    Ok(UNITS.len())
}

/// Writes a node that is missing: names and settings are its administrators' from then on.
async fn plant(store: &Dynamo, node: &Node) -> Result<()> {
    if store.node(&node.id).await?.is_none() {
        store.put_node(node).await?;
    }
    Ok(())
}

/// An agency's id is its parent's and its place: `2602-3-1`.
fn agencies<'a>(
    store: &'a Dynamo,
    agencies: &'a [CatalogueAgency],
    parent: &'a str,
    path: &'a NodePath,
    office: OfficeCode,
) -> std::pin::Pin<Box<dyn Future<Output = Result<()>> + 'a>> {
    Box::pin(async move {
        for (i, agency) in agencies.iter().enumerate() {
            let id = format!("{parent}-{}", i + 1);
            let node_id = NodeId::parse(&id)?;
            let below = path.child(&node_id);
            let node = Node {
                id: node_id,
                kind: NodeKind::Agency,
                name: agency.name.clone(),
                path: below.clone(),
                office_code: Some(office),
                settings: None,
                version: 1,
            };
            plant(store, &node).await?;
            self::agencies(store, &agency.agencies, &id, &below, office).await?;
        }
        Ok(())
    })
}

fn settings(office: &str) -> OfficeSettings {
    let collection_account = CollectionAccount {
        name: format!("中国职工保险互助会{office}"),
        bank: "示例银行省分行营业部".to_owned(),
        account_number: "6228480018123456784".to_owned(),
        branch_code: "000000000000".to_owned(),
    };
    OfficeSettings::new(collection_account, "029-00000000".to_owned(), "示例市示例路1号".to_owned())
}

fn sample((id, name, code, agency, handler): (&str, &str, &str, &str, &str)) -> Result<Unit> {
    let id = UnitId::parse(id)?;
    let office = agency.split('/').next().context("an agency has an office")?;
    let agency = NodePath::try_from(format!("/hq/{agency}/"))?;
    Ok(Unit {
        path: agency.unit(&id),
        id,
        name: name.to_owned(),
        code: code.to_owned(),
        union_name: format!("{name}工会委员会"),
        address: "示例县人民路1号".to_owned(),
        office_code: OfficeCode::parse(office).map_err(|reason| anyhow::anyhow!(reason.text()))?,
        handler: AccountId::parse(handler)?,
        active: true,
        restricted: false,
        version: 1,
        classified: false,
        merged_into: None,
        moving: false,
        record: domain::unit::UnitRecord::default(),
    })
}
