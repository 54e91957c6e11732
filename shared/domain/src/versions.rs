//! Reference data in versions: drafts, what is published and from which day, and what took its place.
//!
//! Whatever was entered under a version keeps it. So nothing published is ever edited; a new version takes its place
//! from a day on, today or later, and of all versions at most one is in effect on any day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::refusal::{Problem, Refusal};

/// Most versions of one thing, drafts included.
pub const VERSIONS_MAX: usize = 60;

/// Content that carries the name of its version.
pub trait Versioned {
    /// The version's name, `2026`.
    fn version(&self) -> &str;
}

/// How far a version has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "kebab-case")]
pub enum Stage {
    /// It may be edited and discarded, and nothing goes by it.
    Draft,
    /// It never changes any more.
    Published {
        /// First day it is in effect.
        from: Date,
        /// Last day, once another version follows it.
        until: Option<Date>,
    },
}

/// What a version is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// 草稿
    Draft,
    /// 待生效: published, from a later day on.
    Scheduled,
    /// 生效中
    InEffect,
    /// 已替代: another version took its place.
    Superseded,
}

impl Standing {
    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Scheduled => "待生效",
            Self::InEffect => "生效中",
            Self::Superseded => "已替代",
        }
    }
}

/// One version with its stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition<T> {
    /// What it says.
    pub content: T,
    /// How far it has come.
    #[serde(flatten)]
    pub stage: Stage,
}

impl<T> Edition<T> {
    /// What it is on a day.
    #[must_use]
    pub fn standing(&self, day: Date) -> Standing {
        match self.stage {
            Stage::Draft => Standing::Draft,
            Stage::Published { from, .. } if day < from => Standing::Scheduled,
            Stage::Published { until: Some(until), .. } if until < day => Standing::Superseded,
            Stage::Published { .. } => Standing::InEffect,
        }
    }
}

/// All versions of one thing, in the order in which they were begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Versions<T>(Vec<Edition<T>>);

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Versioned> Versions<T> {
    /// Every version, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Edition<T>> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The version of a name.
    #[must_use]
    pub fn find(&self, version: &str) -> Option<&Edition<T>> {
        self.0.iter().find(|edition| edition.content.version() == version)
    }

    /// What is in effect on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&T> {
        self.0.iter().find(|edition| edition.standing(day) == Standing::InEffect).map(|edition| &edition.content)
    }

    /// What a version takes the place of: the published one that begins last before it, of all for a draft. None for the
    /// first one, and for a version there is not.
    #[must_use]
    pub fn before(&self, version: &str) -> Option<&T> {
        let from = starts(self.find(version)?);
        let earlier = |edition: &&Edition<T>| starts(edition).is_some_and(|other| from.is_none_or(|from| other < from));
        self.0.iter().filter(earlier).max_by_key(|edition| starts(edition)).map(|edition| &edition.content)
    }

    /// The first day on which something is in effect.
    #[must_use]
    pub fn first_day(&self) -> Option<Date> {
        self.0.iter().filter_map(|edition| starts(edition)).min()
    }

    /// Begins a draft.
    ///
    /// # Errors
    /// `VERSION_TAKEN`; `TOO_MANY_VERSIONS`.
    pub fn begin(&mut self, content: T) -> Result<(), Refusal> {
        if self.find(content.version()).is_some() {
            let text = "已有这个版本，请使用新的版本号";
            return Err(Refusal::invalid(vec![Problem::new("/version", "VERSION_TAKEN", text)]));
        }
        if self.0.len() >= VERSIONS_MAX {
            return Err(Refusal::conflict("TOO_MANY_VERSIONS", format!("版本最多{VERSIONS_MAX}个")));
        }
        self.0.push(Edition { content, stage: Stage::Draft });
        Ok(())
    }

    /// Replaces what a draft says; answers what it said before. The draft's name cannot be changed.
    ///
    /// # Errors
    /// `NO_SUCH_VERSION`, `NOT_A_DRAFT`, `VERSION_FIXED`.
    pub fn edit(&mut self, version: &str, content: T) -> Result<T, Refusal> {
        let at = self.draft(version)?;
        if content.version() != version {
            let text = "版本号不能修改，请另建草稿";
            return Err(Refusal::invalid(vec![Problem::new("/version", "VERSION_FIXED", text)]));
        }
        Ok(std::mem::replace(&mut self.0[at].content, content))
    }

    /// Discards a draft.
    ///
    /// # Errors
    /// `NO_SUCH_VERSION`, `NOT_A_DRAFT`.
    pub fn discard(&mut self, version: &str) -> Result<T, Refusal> {
        let at = self.draft(version)?;
        Ok(self.0.remove(at).content)
    }

    /// Publishes a draft from a day on; the version in effect until then ends the day before.
    ///
    /// # Errors
    /// `NO_SUCH_VERSION`, `NOT_A_DRAFT`; `EFFECTIVE_DATE_PAST` before today; `VERSIONS_OVERLAP` if a published version
    /// begins on that day or later.
    pub fn publish(&mut self, version: &str, from: Date, today: Date) -> Result<(), Refusal> {
        let at = self.draft(version)?;
        if from < today {
            let text = "生效日期不能早于今天";
            return Err(Refusal::invalid(vec![Problem::new("/effective_from", "EFFECTIVE_DATE_PAST", text)]));
        }
        self.put_in_effect(at, from)
    }

    /// Makes a draft of a version that is published but not in effect yet; the version before it is in effect on.
    ///
    /// # Errors
    /// `NO_SUCH_VERSION`; `NOT_SCHEDULED` once it is in effect.
    pub fn recall(&mut self, version: &str, today: Date) -> Result<(), Refusal> {
        let at = self.place(version)?;
        let Stage::Published { from, .. } = self.0[at].stage else {
            return Err(Refusal::conflict("NOT_SCHEDULED", "该版本尚未发布"));
        };
        if from <= today {
            return Err(Refusal::conflict("NOT_SCHEDULED", "该版本已经生效，不能撤回，请发布新的版本"));
        }
        if self.0.iter().filter_map(starts).any(|other| other > from) {
            return Err(Refusal::conflict("NOT_SCHEDULED", "其后已有发布的版本，请先撤回后面的版本"));
        }
        self.0[at].stage = Stage::Draft;
        let before =
            self.0.iter_mut().filter(|edition| starts(edition).is_some()).max_by_key(|edition| starts(edition));
        if let Some(Edition { stage: Stage::Published { until, .. }, .. }) = before {
            *until = None;
        }
        Ok(())
    }

    /// Adds a version that is in effect from a day on, whether past or to come: what an installation begins with.
    ///
    /// # Errors
    /// As [`begin`](Self::begin); `VERSIONS_OVERLAP`.
    pub fn install(&mut self, content: T, from: Date) -> Result<(), Refusal> {
        self.begin(content)?;
        self.put_in_effect(self.0.len() - 1, from)
    }

    fn put_in_effect(&mut self, at: usize, from: Date) -> Result<(), Refusal> {
        if let Some(last) = self.0.iter().filter_map(starts).max().filter(|last| *last >= from) {
            let text = format!("已发布的版本自{last}起生效，新版本的生效日期应晚于该日");
            return Err(Refusal::invalid(vec![Problem::new("/effective_from", "VERSIONS_OVERLAP", text)]));
        }
        for edition in &mut self.0 {
            if let Stage::Published { until: until @ None, .. } = &mut edition.stage {
                *until = from.yesterday().ok();
            }
        }
        self.0[at].stage = Stage::Published { from, until: None };
        Ok(())
    }

    fn place(&self, version: &str) -> Result<usize, Refusal> {
        let at = self.0.iter().position(|edition| edition.content.version() == version);
        at.ok_or_else(|| Refusal::conflict("NO_SUCH_VERSION", "没有这个版本，请刷新后重试"))
    }

    fn draft(&self, version: &str) -> Result<usize, Refusal> {
        let at = self.place(version)?;
        match self.0[at].stage {
            Stage::Draft => Ok(at),
            Stage::Published { .. } => Err(Refusal::conflict("NOT_A_DRAFT", "该版本已经发布，不能修改，请另建草稿")),
        }
    }
}

fn starts<T>(edition: &Edition<T>) -> Option<Date> {
    match edition.stage {
        Stage::Draft => None,
        Stage::Published { from, .. } => Some(from),
    }
}

#[cfg(test)]
#[path = "versions_tests.rs"]
mod tests;
