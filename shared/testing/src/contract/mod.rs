//! What every [`Store`] promises, as checks that run against any adapter.
//!
//! An adapter's test calls [`run`] (or walks [`all`]): one list serves all adapters, so none can miss a check. Checks use
//! fresh identifiers only and may run again and again on shared tables, as long as nothing else sends what is in the
//! outbox meanwhile.

#![expect(clippy::unwrap_used, reason = "a check may fail loudly")]

mod accounts;
mod books;
mod commits;
mod directory;
mod exports;
mod fixture;
mod guards;
mod lists;
mod message_log;
mod outbox;
mod people;
mod phrases;
mod pools;
mod reads;
mod references;
mod refusals;
mod renewals;
mod restrictions;
mod sessions;
mod tasks;
mod units;
mod uploads;

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use futures::future::BoxFuture;
use workflow::ports::Store;

pub use self::fixture::{Fixture, Seed};

/// One promise.
pub struct Check<S> {
    /// What is promised.
    pub name: &'static str,
    /// Panics if the store does not keep it.
    pub run: for<'a> fn(&'a S, &'a Fixture) -> BoxFuture<'a, ()>,
}

/// Lists the checks. One that is not listed is dead code, which the compiler reports.
macro_rules! checks {
    ($($module:ident: $($check:ident),+;)+) => {
        /// Every check.
        pub fn all<S: Store>() -> Vec<Check<S>> {
            vec![$($(Check {
                name: concat!(stringify!($module), "::", stringify!($check)),
                run: |store, fixture| Box::pin($module::$check(store, fixture)),
            }),+),+]
        }
    };
}

checks! {
    commits: writes_all_of_a_commit, takes_the_largest_transaction, commits_a_version_once, answers_a_key_once,
        keeps_ledger_entries_new, consumes_a_message_once;
    refusals: writes_nothing_when_refused, refuses_in_order, shows_that_a_repeated_commit_was_written;
    tasks: gives_a_task_to_one_of_many, acquires_nothing_that_is_gone, releases_for_the_owner_only,
        closes_for_the_holder_only, hands_a_task_over_once, cancels_whoever_holds, shows_a_task_within_scope_only;
    pools: lists_oldest_first_in_pages, goes_on_where_a_page_ended, lists_the_subtree_and_level_only,
        shows_mine_to_me_only, shows_what_is_held_to_everybody_of_the_pool, counts_up_to_a_cap, filters_and_sorts, counts_what_is_overdue,
        lists_open_tasks_by_their_last_day;
    reads: shows_an_enrolment_within_scope_only, lists_enrolments_newest_first, lists_enrolments_within_scope_only,
        lists_enrolments_before_an_instant, tells_a_trail_in_order, keeps_the_registry;
    lists: merges_states_newest_first, moves_an_enrolment_with_its_state, lists_the_subtree_of_a_node,
        lists_by_every_condition, counts_by_state, finds_an_application_number, tells_what_ends_soon;
    exports: moves_a_job_once, lists_the_jobs_of_an_account;
    uploads: receives_an_upload_once, ignores_a_later_object, settles_an_upload_once, tells_how_far_an_import_is,
        shows_an_upload_within_scope_only;
    sessions: rotates_a_session, revokes_a_family_on_reuse, ends_sessions, rotates_one_of_many,
        numbers_without_repetition;
    guards: counts_up_to_a_limit, counts_none_of_many_twice, locks_and_forgets, keeps_tickets_while_they_are_good,
        gives_a_ticket_to_one_of_many, redeems_a_ticket_with_a_commit, redeems_for_one_of_many, sets_a_password,
        keeps_the_second_factor, tells_sign_ins_newest_first;
    outbox: keeps_messages_until_sent, releases_scheduled_messages_once, releases_up_to_a_limit;
    references: books_are_written_from_the_version_seen, a_book_is_written_by_one_of_many;
    accounts: opens_an_account_without_a_password, gives_a_user_name_to_one_of_many, edits_an_account_as_it_was,
        gives_a_mobile_number_to_one_of_many, a_mobile_number_stays_its_accounts_until_released;
    units: gives_a_code_to_one_of_many, passes_and_releases_codes, writes_a_registration_version_once,
        lists_registrations_by_state, writes_a_unit_version_once, finds_units_by_any_part,
        finds_renamed_units_by_their_new_name_only, finds_units_by_contact, commits_for_active_units_only,
        lists_the_tree, tells_which_units_are_classified;
    message_log: records_what_is_sent_with_its_commit, lists_messages_newest_first, filters_messages,
        writes_a_record_only_where_it_stands;
    books: lists_payments_of_a_subtree_newest_first, narrows_payments, lists_the_ledger_of_a_subtree, sums_the_ledger,
        lists_the_books_under_another_unit;
    renewals: writes_a_renewal_with_what_it_renews, lists_what_is_due_for_renewal;
    restrictions: restricts_a_person_once, lifts_an_entry_once, takes_the_place_of_what_is_over,
        lists_restrictions_newest_first;
    phrases: phrases_are_replaced_from_the_version_seen;
    directory: lists_accounts_by_place, lists_nodes_of_a_subtree, tells_what_an_account_did, tells_what_was_done_in_a_subtree,
        replaces_an_account_from_the_version_seen, ends_the_sessions_of_an_account, writes_a_version_of_a_node_once;
    people: knows_people_in_the_order_asked, writes_cover_once, names_another_unit_on_cover,
        keeps_the_first_name, knows_restricted_people;
}

/// Runs every check and panics with the names of all that failed.
pub async fn run<S: Store>(store: &S, fixture: &Fixture) {
    let mut failed = Vec::new();
    for check in all::<S>() {
        if AssertUnwindSafe((check.run)(store, fixture)).catch_unwind().await.is_err() {
            failed.push(check.name);
        }
    }
    assert!(failed.is_empty(), "the store breaks its contract: {}", failed.join(", "));
}
