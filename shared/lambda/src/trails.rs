//! Trails as they are shown.

use domain::trail::TrailEntry;
use serde::Serialize;
use utoipa::ToSchema;

/// An entry of a trail (操作轨迹).
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailLine {
    /// When.
    at: String,
    /// Who.
    actor_name: String,
    /// What was done, `edit`.
    action: String,
    /// State before.
    from: String,
    /// State after.
    to: String,
    /// Opinion, reason, or what changed.
    note: String,
    /// 办理时长: milliseconds since the subject entered the state before.
    duration_ms: i64,
}

/// An entry as it is shown.
pub fn trail_line(entry: TrailEntry) -> TrailLine {
    TrailLine {
        at: entry.at.to_string(),
        actor_name: entry.actor_name,
        action: entry.action,
        from: entry.from,
        to: entry.to,
        note: entry.note,
        duration_ms: entry.duration_ms,
    }
}
