//! Who takes part in a journey, and who tells it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::client::Client;
use crate::cloud::Cloud;

/// Tells what happens and keeps what is produced.
pub struct Story {
    out: PathBuf,
    steps: u32,
}

impl Story {
    /// A story whose files go to a folder, which is emptied first.
    pub fn begin(out: &Path) -> Result<Self> {
        if out.exists() {
            std::fs::remove_dir_all(out)?;
        }
        std::fs::create_dir_all(out)?;
        Ok(Self { out: out.to_owned(), steps: 0 })
    }

    /// Tells one step.
    pub fn tell(&mut self, what: impl AsRef<str>) {
        self.steps += 1;
        println!("{:>3}. {}", self.steps, what.as_ref());
    }

    /// Keeps a produced file.
    pub fn keep(&self, name: &str, file: &[u8]) -> Result<()> {
        let path = self.out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, file)?;
        Ok(())
    }
}

/// Everybody who takes part.
pub struct Cast {
    /// 单位经办人
    pub handler: Client,
    /// 单位管理
    pub registrar: Client,
    /// 初审
    pub first: Client,
    /// Another 初审.
    pub rival: Client,
    /// 复审
    pub second: Client,
    /// 终审
    pub last: Client,
    /// 财务
    pub finance: Client,
    /// 归档
    pub archivist: Client,
    /// 主管
    pub supervisor: Client,
    /// 审计
    pub auditor: Client,
}

impl Cast {
    /// Signs everybody in.
    pub async fn sign_in(cloud: &Cloud) -> Result<Self> {
        let client = Client::new(cloud)?;
        Ok(Self {
            handler: client.sign_in("zhangsan").await?,
            registrar: client.sign_in("dengjihong").await?,
            first: client.sign_in("wangchushen").await?,
            rival: client.sign_in("machushen").await?,
            second: client.sign_in("chenfushen").await?,
            last: client.sign_in("liuzhongshen").await?,
            finance: client.sign_in("zhoucaiwu").await?,
            archivist: client.sign_in("wuguidang").await?,
            supervisor: client.sign_in("zhengzhuguan").await?,
            auditor: client.sign_in("qianshenji").await?,
        })
    }
}
